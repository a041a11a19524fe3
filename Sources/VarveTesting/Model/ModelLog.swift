public import Varve

/// What a log must hold: the model that a test compares a log with.
///
/// A test tells the model what it has done to the log and what the log has said to that, and the model
/// says of what is read whether it may be. It knows three kinds of records: those that are acknowledged,
/// those of them that are durable, and a batch whose append failed and that may be there all the same.
/// So it is of use where a log is crashed or its disk fails, and everywhere else:
///
/// ```swift
/// var model = ModelLog()
/// let record = Record(key: "user-7", value: "paid")
/// let receipt = try log.append(record)
/// model.append([record])
/// model.becameDurable(before: log.durableEnd)
/// try model.expectAll(ModelLog.records(of: log))
///
/// disk.crash(.power, seed: 1)            // a SimulatedFileSystem
/// let survivor = try await Log.open(at: "data/orders-0", …)
/// try model.recover(ModelLog.records(of: survivor), from: survivor.start, after: .power)
/// ```
///
/// The log begins with offset 0, until records are deleted or it begins anew. A record without a time is
/// taken for the same as one with any: the log's clock has said when it was.
public struct ModelLog: Sendable {
  /// What is acknowledged, from the log's start on.
  public private(set) var records: [Record] = []

  /// Where the log starts.
  public private(set) var start: Offset = 0

  /// The offset behind what is known to be durable: no crash takes what lies before.
  public private(set) var durableEnd: Offset = 0

  /// A batch whose append failed last, and that may be found behind what is acknowledged.
  public private(set) var uncertain: [Record] = []

  /// How the log is cut, if it is, by a call of which nobody heard the end.
  public private(set) var uncertainCut: Cut?

  /// Where the log starts instead, perhaps, after deletions of which nobody heard the end.
  public private(set) var uncertainStarts: Set<Offset> = []

  /// Where the log began anew last.
  package private(set) var origin: Offset = 0

  /// Where batches end: one is there or it is not.
  private var batchEnds: Set<Offset> = [0]

  /// A log without records.
  public init() {}

  /// The offset behind all that is acknowledged.
  public var end: Offset { start.advanced(by: records.count) }

  /// The first record of a time or a later one: what a look-up by time must find.
  public func firstOffset(at timestamp: Timestamp) -> Offset? {
    records.firstIndex { $0.timestamp ?? .none >= timestamp }.map { start.advanced(by: $0) }
  }

  /// The record of an offset, if it is acknowledged and was not deleted.
  public func record(at offset: Offset) -> Record? {
    offset >= start && offset < end ? records[distance(to: offset)] : nil
  }

  /// How a log is cut.
  public struct Cut: Hashable, Sendable {
    /// Where it ends then.
    public let end: Offset
    /// Whether nothing is left of it, and it begins anew there.
    public let isFresh: Bool
  }

  /// Something is not as it may be.
  public struct Mismatch: Error, Hashable, CustomStringConvertible {
    /// What is wrong.
    public let description: String

    init(_ description: String) { self.description = description }
  }
}

extension ModelLog {
  /// How many records the log has before an offset.
  func distance(to offset: Offset) -> Int { Int(max(0, offset.rawValue - start.rawValue)) }
}

// MARK: What happens

extension ModelLog {
  /// Takes note of records that were acknowledged, as one batch.
  public mutating func append(_ batch: [Record]) {
    records += batch
    batchEnds.insert(end)
    uncertain = []
  }

  /// Takes note of a batch whose append failed, perhaps after its bytes were written: it may be found
  /// after a crash, whole, unless another one was appended in its place.
  public mutating func appendFailed(_ batch: [Record]) { uncertain = batch }

  /// Takes note of what is durable, as a receipt or ``/Varve/Log/durableEnd`` says.
  public mutating func becameDurable(before offset: Offset) { durableEnd = max(durableEnd, offset) }
}

// MARK: Cuts

extension ModelLog {
  /// Where a log ends that is cut at an offset: batches go as a whole.
  public func end(cutAt offset: Offset) -> Offset {
    batchEnds.filter { $0 <= min(offset, end) }.max() ?? offset
  }

  /// Takes note that the log was cut at an offset, by ``/Varve/Log/truncate(to:)-850wt``.
  public mutating func truncate(to offset: Offset) {
    guard offset < end else { return }
    cut(to: end(cutAt: offset))
    // What is kept is written anew.
    durableEnd = end
  }

  /// Takes note that to cut the log has failed, or that it was not heard whether it has: it may be found
  /// cut, or as it was.
  public mutating func truncationFailed(to offset: Offset) {
    guard offset < end else { return }
    uncertainCut = Cut(end: end(cutAt: offset), isFresh: false)
  }

  /// Takes note that the log began anew, by ``/Varve/Log/truncateFully(startingAt:)-7ht93``.
  public mutating func restart(at offset: Offset) {
    self = ModelLog()
    (start, origin, durableEnd, batchEnds) = (offset, offset, offset, [offset])
  }

  /// Takes note that to begin the log anew has failed, or that it was not heard whether it has.
  public mutating func restartFailed(at offset: Offset) {
    uncertainCut = Cut(end: offset, isFresh: true)
  }

  private mutating func cut(to end: Offset) {
    start = min(start, end)
    records.removeSubrange(distance(to: end)...)
    batchEnds = batchEnds.filter { $0 <= end }
    uncertainStarts = Set(uncertainStarts.map { min($0, end) })
    uncertain = []
    uncertainCut = nil
  }
}

// MARK: Deletion

extension ModelLog {
  /// Takes note that the records before an offset were deleted, by
  /// ``/Varve/Log/deleteRecords(before:)-94bki``.
  public mutating func deleteRecords(before offset: Offset) {
    guard offset > start else { return }
    records.removeFirst(min(records.count, distance(to: offset)))
    start = offset
    becameDurable(before: offset)
  }

  /// Takes note that to delete records has failed, or that it was not heard whether it has: the log may
  /// be found to start where it did, or there.
  public mutating func deletionFailed(before offset: Offset) {
    if offset > start { uncertainStarts.insert(offset) }
  }
}

// MARK: Crashes

extension ModelLog {
  /// Goes on with what was found after a crash, if that may be what it has left.
  ///
  /// A kill takes nothing that is acknowledged. A power cut may take what is not durable, from the end
  /// and in whole batches. Whatever it was, the uncertain batch may be there.
  ///
  /// - Parameters:
  ///   - found: All records of the log that was opened.
  ///   - foundStart: Where that starts; nil for where it did before.
  ///   - crash: How the life before ended. After a sync that failed, a kill may leave as little as a
  ///     power cut: what the device has not got is not believed any more.
  ///   - mayHaveBegunAnew: False where something is left that does not outlive that: a log without
  ///     records looks the same if all of them were deleted.
  public mutating func recover(
    _ found: [Record], from foundStart: Offset? = nil, after crash: Crash,
    mayHaveBegunAnew: Bool = true
  ) throws(Mismatch) {
    let foundStart = foundStart ?? start
    let foundEnd = foundStart.advanced(by: found.count)
    settleCut(foundStart, foundEnd, mayHaveBegunAnew: mayHaveBegunAnew)
    try settleStart(foundStart)
    try compare(found)
    if foundEnd > end { append(uncertain) }
    guard crash == .power || foundEnd == end else {
      throw Mismatch("a kill took \(records.count - found.count) of \(records.count) records")
    }
    guard foundEnd >= durableEnd else {
      throw Mismatch("the log ends at \(foundEnd), and was durable up to \(durableEnd)")
    }
    guard batchEnds.contains(foundEnd) else {
      throw Mismatch("the log ends within a batch, at \(foundEnd)")
    }
    cut(to: foundEnd)
    uncertainStarts = []
  }

  private mutating func settleCut(
    _ foundStart: Offset, _ foundEnd: Offset, mayHaveBegunAnew: Bool
  ) {
    defer { uncertainCut = nil }
    guard let cut = uncertainCut, cut.end == foundEnd else { return }
    if !cut.isFresh {
      truncate(to: foundEnd)
    } else if foundStart == foundEnd, mayHaveBegunAnew {
      restart(at: foundEnd)
    }
  }

  private mutating func settleStart(_ found: Offset) throws(Mismatch) {
    if uncertainStarts.contains(found) { deleteRecords(before: found) }
    guard found == start else {
      throw Mismatch("the log starts at \(found), and should at \(start)")
    }
  }
}
