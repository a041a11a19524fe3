import FuzzSupport
import Varve

/// What else a log can be asked for. Each question has an answer, or an error that says why not.
struct Questions {
  private let log: Log

  init(_ log: Log) { self.log = log }

  func ask(_ contents: Contents) {
    check(log.start <= log.end, "it begins behind its end")
    askForRecords(contents)
    askForTimes()
    askForSlices()
    answer("verifying") { () throws(LogError) in _ = try log.verify() }
    askForProducers()
    for reign in log.leaderEpochs { _ = log.endOffset(for: reign.epoch) }
  }

  /// An error of one who reads says that something is lost, or not to be read here.
  private func answer(_ what: String, _ body: () throws(LogError) -> Void) {
    do throws(LogError) {
      try body()
    } catch {
      let isRefusal = [.corrupt, .unsupported].contains(error.code)
      check(isRefusal || log.mode == .readOnly, "\(what) ended with \(error)")
    }
  }

  private func askForRecords(_ contents: Contents) {
    for (base, bytes) in contents.batches.sorted(by: { $0.key < $1.key }) {
      // The first one may begin before what is there.
      let offset = max(base, log.start)
      answer("a look-up") { () throws(LogError) in
        guard let record = try log.record(at: offset) else { return }
        let batch = try RecordBatch(validating: bytes, as: .log)
        guard batch.header.codec == .none else { return }
        let expected = try batch.records().first { $0.offset == offset }
        checkEqual(record, expected.map { Record(copying: $0) }, "the record at \(offset)")
      }
    }
    for offset in [log.start, log.end, Offset(rawValue: 0), Offset(rawValue: .max)] {
      do throws(LogError) {
        _ = try log.record(at: offset)
      } catch {
        let isOutside = error.code == .trimmed || error.code == .invalidArgument
        check(
          error.code == .corrupt || error.code == .unsupported || isOutside
            || log.mode == .readOnly, "a look-up of \(offset) ended with \(error)")
      }
    }
  }

  private func askForTimes() {
    for time in [Int64.min, 0, 1_700_000_000_004, Int64.max] {
      answer("a time") { () throws(LogError) in
        guard let found = try log.firstOffset(at: Timestamp(rawValue: time)) else { return }
        check(found.timestamp.rawValue >= time, "a record before \(time)")
        check(log.start <= found.offset && found.offset < log.end, "a time of no offset")
      }
    }
    answer("the newest record") { () throws(LogError) in _ = try log.newestRecord() }
  }

  /// One behind the other, as they are sent to somebody who follows: he gets to where the last batch is.
  private func askForSlices() {
    let reader = ZeroCopyReader(log)
    var from = log.start
    while from < log.end {
      do throws(LogError) {
        guard let slice = try reader.slice(from: .offset(from), maximumByteCount: 200) else {
          break
        }
        let count = try slice.withBytes { $0.byteCount }
        check(count > 0 || slice.offsets.isEmpty, "a slice of nothing")
        check(slice.offsets.upperBound > from, "slices do not get behind \(from)")
        from = slice.offsets.upperBound
      } catch {
        let isRefusal = [.corrupt, .unsupported].contains(error.code)
        check(isRefusal || log.mode == .readOnly, "a slice ended with \(error)")
        guard let lost = error.damage else { return }
        from = lost.offsets.upperBound
      }
    }
    guard let last = log.segments.last(where: { $0.byteCount > 0 }) else { return }
    check(from > last.baseOffset, "slices end at \(from), and there is \(last)")
  }

  private func askForProducers() {
    check(log.lastStableOffset <= log.end, "what is stable lies beyond the end")
    _ = log.producers
    answer("aborted transactions") { () throws(LogError) in
      _ = try log.abortedTransactions(in: log.start..<log.end)
    }
  }
}
