import FuzzSupport
import Varve

/// Batches, built from anything and compressed, read in each way that there is.
enum BatchCheck {
  static func run(_ input: inout FuzzInput, _ compression: Compression) throws(LogError) {
    var values: [[UInt8]] = []
    var builder = try RecordBatchBuilder()
    while input.remainingCount > 0, values.count < 64 {
      values.append(input.someBytes())
      try builder.append(Record(value: values[values.count - 1]))
    }
    var compressor = try Compressor(compression)
    guard let batch = try builder.finish(compressedBy: &compressor) else {
      return check(values.isEmpty, "no batch of \(values.count) records")
    }
    checkEqual(batch.header.codec, compression.codec, "the codec")
    let bytes = ExactBytes(Array(batch.bytes))
    var decompressor = Decompressor(maximumByteCount: CodecFuzz.limit)
    let view = try BatchView(validating: bytes.span, as: .producer, using: &decompressor)
    checkEqual(Self.values(of: try view.records), values, "the records")
    checkEqual(Self.values(of: try decompressor.records(of: view)), values, "the records")
    let owned = try batch.records().map { Array(copying: $0.value) ?? [] }
    checkEqual(owned, values, "the owned records")
    let plain = try decompressor.decompress(batch)
    check(try compressor.compress(plain) == batch, "compressed anew, it is another batch")
  }

  private static func values(of records: borrowing RecordsView) -> [[UInt8]] {
    var values: [[UInt8]] = []
    records.forEach { values.append(Array(copying: $0.value) ?? []) }
    return values
  }
}
