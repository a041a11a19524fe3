import FuzzSupport
import Varve

/// A batch's records, copied one by one into a new batch, are the same records.
enum Rebuilding {
  static func check(_ view: borrowing BatchView, _ expected: Expectation) {
    guard view.header.codec == .none, let readings = expected.readings else { return }
    do throws(LogError) {
      guard let options = options(of: view.header) else { return }
      var builder = try RecordBatchBuilder(options, capacity: 0)
      guard try copyAll(try view.records, into: &builder) else { return }
      guard let batch = builder.finish() else {
        return FuzzSupport.check(readings.isEmpty, "no batch of \(readings.count) records")
      }
      let again = try RecordBatch(validating: batch.bytes, as: .log)
      checkEqual(again.header, batch.header, "a header, read again")
      checkEqual(again.header.offsets, view.header.offsets, "a rebuilt batch's offsets")
      checkEqual(again.header.producer, view.header.producer, "a rebuilt batch's producer")
      FuzzSupport.check(Reading.all(of: try again.view.records) == readings, "other records")
    } catch {
      fail("rebuilding: \(error)")
    }
  }

  /// Copies until a record has a time that no writer may store; then the batch was left alone.
  private static func copyAll(
    _ records: borrowing RecordsView, into builder: inout RecordBatchBuilder
  ) throws(LogError) -> Bool {
    var iterator = records.makeIterator()
    while let record = iterator.next() {
      let before = (builder.byteCount, builder.recordCount)
      do throws(LogError) {
        try builder.append(copying: record, offset: record.offset)
      } catch {
        guard !record.timestamp.isStorable else { throw error }
        checkEqual(error.code, .invalidArgument, "a refusal")
        FuzzSupport.check((builder.byteCount, builder.recordCount) == before, "changed anyway")
        return false
      }
    }
    return true
  }

  /// The options that say the same; nil where there are none, as for what only a log may hold.
  private static func options(of header: BatchHeader) -> BatchOptions? {
    let options = BatchOptions(rewriting: header)
    return (try? RecordBatchBuilder(options)) == nil ? nil : options
  }
}
