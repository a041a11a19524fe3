/// The records of a log from a position on, up to where it ended when the first one was asked for.
///
/// ```swift
/// for try await record in log.records(from: .earliest) { … }
/// ```
///
/// Each record keeps its batch alive. What transactions write to say that they have ended is left out, and
/// so is what a batch has before the position; with ``ReadIsolation/lastStable`` so is what came to nothing.
/// A ``Tail`` goes on with what comes later, and hands out whole batches.
public struct LogRecords: AsyncSequence, Sendable {
  /// One record, which keeps its batch alive.
  public typealias Element = RecordSlice
  /// What can go wrong.
  public typealias Failure = LogError

  let log: Log
  let position: LogPosition
  let end: Offset?
  let isolation: ReadIsolation

  /// Begins at the position, as it is when the first record is asked for.
  public func makeAsyncIterator() -> Iterator {
    Iterator(log: log, cursor: TailCursor(log, from: position, isolation), wanted: end)
  }

  /// Goes from record to record.
  public struct Iterator: AsyncIteratorProtocol {
    private let log: Log
    private let cursor: TailCursor
    private let wanted: Offset?
    /// What is to be read; nil until that is known.
    private var range: Range<Offset>?
    private var records: RecordBatch.Records.Iterator?

    init(log: Log, cursor: TailCursor, wanted: Offset?) {
      self.log = log
      self.cursor = cursor
      self.wanted = wanted
    }

    /// The next record, or nil behind the last one.
    ///
    /// - Throws: ``LogError/Code/corrupt`` where a part of the log is lost, which ``LogError/damage`` says:
    ///   to read on behind it takes another sequence. ``LogError/Code/trimmed`` where the position is not in
    ///   the log any more.
    public mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(LogError) -> RecordSlice? {
      let range = try await wantedRange()
      while true {
        while let record = records?.next() {
          guard record.offset < range.upperBound else { return nil }
          if record.offset >= range.lowerBound { return record }
        }
        guard let batch = try await nextBatch(), batch.header.baseOffset < range.upperBound else {
          return nil
        }
        records = batch.header.isControl ? nil : try batch.records().makeIterator()
      }
    }

    private mutating func wantedRange(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(LogError) -> Range<Offset> {
      if let range { return range }
      try await waitForDevice()
      let (start, end) = (cursor.nextOffset, log.end(cursor.isolation))
      // A sequence has functions of these names itself.
      let found = start..<Swift.max(start, Swift.min(end, wanted ?? end))
      range = found
      return found
    }

    /// Nil at the end of what there is.
    private func nextBatch(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(LogError) -> RecordBatch? {
      while true {
        guard !Task.isCancelled else { throw .cancelledRead }
        switch try cursor.next() {
        case .batch(let batch): return batch
        case .needsDevice: try await waitForDevice()
        case .atEnd: return nil
        }
      }
    }

    private func waitForDevice(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(LogError) {
      let cursor = cursor
      try await log.runtime.workers.run { () throws(LogError) in try cursor.waitForDevice() }
    }
  }
}

extension Log {
  /// The records from a position on, up to where the log ends when the first one is asked for: for tasks,
  /// which a ``LogScan`` would hold up.
  ///
  /// - Parameters:
  ///   - position: Where to begin.
  ///   - end: The first offset that is not wanted; nil for all that there are.
  ///   - isolation: Up to where the log is read. With ``ReadIsolation/lastStable`` only what counts.
  public func records(
    from position: LogPosition = .earliest, until end: Offset? = nil,
    isolation: ReadIsolation = .logEnd
  ) -> LogRecords {
    LogRecords(log: self, position: position, end: end, isolation: isolation)
  }
}

extension LogError {
  fileprivate static var cancelledRead: LogError {
    LogError(.cancelled, "the task that read the log was cancelled")
  }
}
