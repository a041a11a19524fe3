import FuzzSupport
import KafkaReference
import Varve

/// Headers: read where the book reads them, and field for field.
enum Headers {
  static func check(_ span: RawSpan, _ expected: Expectation) {
    do throws(LogError) {
      let header = try BatchHeader(parsing: span)
      FuzzSupport.check(expected.isHeader, "a header that is none")
      if let fields = expected.fields { compare(header, fields) }
      touch(header)
    } catch {
      FuzzSupport.check(!expected.isHeader, "a header refused: \(error)")
      FuzzSupport.check(error.breach != nil, "no rule is named: \(error)")
    }
    // There is no header at a place that is not there, and asking is no reason to die.
    for place in [-1, Int.min, Int.max, span.byteCount, span.byteCount - 60] {
      FuzzSupport.check(
        (try? BatchHeader(parsing: span, at: place)) == nil, "a header at \(place)")
    }
  }

  private static func compare(_ header: BatchHeader, _ fields: ReferenceBatch) {
    checkEqual(header.baseOffset.rawValue, fields.baseOffset, "base offset")
    checkEqual(header.byteCount, Int(fields.batchLength) + 12, "length")
    checkEqual(header.leaderEpoch.rawValue, fields.leaderEpoch, "leader epoch")
    checkEqual(header.checksum, fields.checksum, "checksum")
    checkEqual(header.attributes.rawValue, fields.attributes, "attributes")
    checkEqual(header.lastOffsetDelta, fields.lastOffsetDelta, "last offset delta")
    checkEqual(header.baseTimestamp.rawValue, fields.baseTimestamp, "base timestamp")
    checkEqual(header.maxTimestamp.rawValue, fields.maxTimestamp, "max timestamp")
    checkEqual(header.baseSequence.rawValue, fields.baseSequence, "base sequence")
    checkEqual(header.recordCount, fields.recordCount, "record count")
    checkEqual(
      header.producer,
      fields.producerID < 0
        ? nil : Producer(id: fields.producerID, epoch: fields.producerEpoch), "producer")
    checkEqual(header.isControl, fields.isControl, "control")
    checkEqual(header.isTransactional, fields.isTransactional, "transactional")
    checkEqual(header.timestampType == .appendTime, fields.isAppendTime, "timestamp type")
    checkEqual(
      header.deleteHorizon?.rawValue, fields.hasDeleteHorizon ? fields.baseTimestamp : nil,
      "delete horizon")
    checkEqual(
      header.attributes.codec?.rawValue, fields.codec > 4 ? nil : UInt8(fields.codec), "codec")
  }

  /// What follows from the fields must not trap, whatever they say.
  private static func touch(_ header: BatchHeader) {
    FuzzSupport.check(header.nextOffset > header.lastOffset, "no next offset")
    FuzzSupport.check(header.lastOffset >= header.baseOffset, "the last offset before the first")
    checkEqual(
      header.offsets.count, Int(header.lastOffsetDelta) + 1, "offsets")
    FuzzSupport.check(header.lastSequence.rawValue >= -1, "a negative sequence number")
    FuzzSupport.check(!"\(header)".isEmpty, "no description")
    emptied(header)
  }

  /// What compaction leaves of any header that can be read.
  private static func emptied(_ header: BatchHeader) {
    let batch = RecordBatch(emptied: header)
    checkEqual(batch.byteCount, ReferenceBatch.headerByteCount, "an emptied batch's size")
    checkEqual(batch.header.offsets, header.offsets, "an emptied batch's offsets")
    checkEqual(batch.header.lastSequence, header.lastSequence, "an emptied batch's sequence")
    do throws(LogError) {
      let again = try RecordBatch(validating: batch.bytes, as: .log)
      checkEqual(again.header, batch.header, "an emptied batch, read again")
    } catch {
      fail("an emptied batch refused: \(error)")
    }
  }
}
