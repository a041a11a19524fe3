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
/// try model.recover(ModelLog.records(of: survivor), after: .power)
/// ```
///
/// The log begins with offset 0, and nothing is ever removed from its start. A record without a time is
/// taken for the same as one with any: the log's clock has said when it was.
public struct ModelLog: Sendable {
  /// What is acknowledged, by offset.
  public private(set) var records: [Record] = []

  /// The offset behind what is known to be durable: no crash takes what lies before.
  public private(set) var durableEnd: Offset = 0

  /// A batch whose append failed last, and that may be found behind what is acknowledged.
  public private(set) var uncertain: [Record] = []

  /// Where the log ends if it was cut by a call of which nobody heard the end.
  public private(set) var uncertainEnd: Offset?

  /// Behind which records a batch ends: a batch is there or it is not.
  private var batchEnds: Set<Int> = [0]

  /// A log without records.
  public init() {}

  /// The offset behind all that is acknowledged.
  public var end: Offset { Offset(rawValue: Int64(records.count)) }

  /// The first record of a time or a later one: what a look-up by time must find.
  public func firstOffset(at timestamp: Timestamp) -> Offset? {
    records.firstIndex { $0.timestamp ?? .none >= timestamp }.map { Offset(rawValue: Int64($0)) }
  }

  /// Something is not as it may be.
  public struct Mismatch: Error, Hashable, CustomStringConvertible {
    /// What is wrong.
    public let description: String

    init(_ description: String) { self.description = description }
  }
}

// MARK: What happens

extension ModelLog {
  /// Takes note of records that were acknowledged, as one batch.
  public mutating func append(_ batch: [Record]) {
    records += batch
    batchEnds.insert(records.count)
    uncertain = []
  }

  /// Where a log ends that is cut at an offset: batches go as a whole.
  public func end(cutAt offset: Offset) -> Offset {
    let wanted = Int(max(0, min(offset, end)).rawValue)
    return Offset(rawValue: Int64(batchEnds.filter { $0 <= wanted }.max() ?? 0))
  }

  /// Takes note that the log was cut at an offset, by ``Log/truncate(to:)``.
  public mutating func truncate(to offset: Offset) {
    guard offset < end else { return }
    let end = end(cutAt: offset)
    cut(to: Int(end.rawValue))
    // What is kept is written anew.
    durableEnd = end
  }

  /// Takes note that to cut the log has failed, or that it was not heard whether it has: it may be found
  /// cut, or as it was.
  public mutating func truncationFailed(to offset: Offset) {
    guard offset < end else { return }
    uncertainEnd = min(end(cutAt: offset), uncertainEnd ?? end)
  }

  private mutating func cut(to count: Int) {
    records.removeSubrange(count...)
    batchEnds = batchEnds.filter { $0 <= count }
    uncertain = []
    uncertainEnd = nil
  }

  /// Takes note of a batch whose append failed, perhaps after its bytes were written: it may be found
  /// after a crash, whole, unless another one was appended in its place.
  public mutating func appendFailed(_ batch: [Record]) { uncertain = batch }

  /// Takes note of what is durable, as a receipt or ``Log/durableEnd`` says.
  public mutating func becameDurable(before offset: Offset) { durableEnd = max(durableEnd, offset) }

  /// Goes on with what was found after a crash, if that may be what it has left.
  ///
  /// A kill takes nothing that is acknowledged. A power cut may take what is not durable, from the end
  /// and in whole batches. Whatever it was, the uncertain batch may be there.
  ///
  /// - Parameters:
  ///   - found: All records of the log that was opened.
  ///   - crash: How the life before ended. After a sync that failed, a kill may leave as little as a
  ///     power cut: what the device has not got is not believed any more.
  public mutating func recover(_ found: [Record], after crash: Crash) throws(Mismatch) {
    if let uncertainEnd, found.count == Int(uncertainEnd.rawValue) { truncate(to: uncertainEnd) }
    uncertainEnd = nil
    try compare(found)
    if found.count > records.count { append(uncertain) }
    guard crash == .power || found.count == records.count else {
      throw Mismatch("a kill took \(records.count - found.count) of \(records.count) records")
    }
    guard found.count >= durableCount else {
      throw Mismatch("\(found.count) records are left, and \(durableCount) were durable")
    }
    guard batchEnds.contains(found.count) else {
      throw Mismatch("the log ends within a batch, at \(found.count)")
    }
    cut(to: found.count)
  }
}

extension ModelLog {
  var durableCount: Int { Int(durableEnd.rawValue) }
}
