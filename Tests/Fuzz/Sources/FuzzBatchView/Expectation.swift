import KafkaReference
import Varve

/// What the book says of some bytes.
struct Expectation {
  let bytes: [UInt8]
  /// The fields, whatever they say; nil where they are not all there.
  let fields: ReferenceBatch?
  let isHeader: Bool
  /// Whether header and length are right, so that there is something to look into.
  let isBatch: Bool
  /// Nil where they are broken or compressed.
  let records: [ReferenceRecord]?

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    fields = ReferenceBatch(fieldsOf: bytes)
    isHeader = fields?.isHeader ?? false
    let byteCount = Int(fields?.batchLength ?? 0) + ReferenceBatch.prefixByteCount
    isBatch = isHeader && byteCount <= bytes.count
    records =
      isBatch && fields?.isConsistent == true
      ? fields?.records(in: Array(bytes[..<byteCount])) : nil
  }

  func isValid(as origin: BatchOrigin) -> Bool {
    guard let fields, isBatch,
      Int(fields.batchLength) + ReferenceBatch.prefixByteCount == bytes.count,
      fields.isConsistent, fields.isIntact(in: bytes), fields.codec != 0 || records != nil
    else { return false }
    return origin == .log || fields.isProduced(records)
  }

  /// The records as their readers see them.
  var readings: [Reading]? {
    guard let fields, let records else { return nil }
    return records.map { Reading($0, in: fields) }
  }
}
