import ExampleSockets
import Synchronization
import Varve

/// A map in memory, and ahead of it a log of what it was set to. Its calls wait for the device.
final class DurableMap: Sendable {
  let log: Log
  private let state: Mutex<State>

  private struct State {
    var values: [String: String] = [:]
    /// What the log had after the last checkpoint; unknown before the first.
    var checkpointByteCount = 0
    var isCheckpointing = false
  }

  /// What the log may grow by between checkpoints, beside what it has grown by the same again.
  private static let slackByteCount = 4 << 20
  /// What is kept in memory at the most.
  private static let maximumKeyCount = 1_000_000

  private init(_ log: Log, _ values: [String: String]) {
    self.log = log
    state = Mutex(State(values: values))
  }

  /// Opens the log, and makes the map anew: the last value of each key counts, and a record without
  /// one takes the key out.
  static func open(at directory: String) async throws -> DurableMap {
    var configuration = LogConfiguration()
    configuration.segmentByteCount = 16 << 20
    configuration.requiresKeys = true
    // All that is full is compacted each time, and tombstones go with the next, since nobody else reads this
    // log. `checkpoint` says when. The log does it by itself as well, half a minute after it was opened and
    // every `cleaningInterval` from then on, which is in nobody's way: the same records stay.
    configuration.cleaner = CompactionPolicy(minimumDirtyRatio: 0, deleteRetention: .zero)
    let log = try await Log.open(at: directory, configuration: configuration)
    return DurableMap(log, try await onThread { try values(in: log) })
  }

  private static func values(in log: Log) throws -> [String: String] {
    var values: [String: String] = [:]
    var scan = try log.scan(from: .earliest)
    while let batch = try scan.next() {
      var records = try batch.records.makeIterator()
      while let record = records.next() {
        let record = Record(copying: record)
        guard let key = record.key else { continue }
        values[String(decoding: key, as: UTF8.self)] = record.value.map {
          String(decoding: $0, as: UTF8.self)
        }
      }
    }
    return values
  }

  func close() async throws { try await log.close() }
}

// MARK: Reading and writing

extension DurableMap {
  /// Sets a key, or takes it out for nil, and returns once that is on the device.
  func set(_ key: String, to value: String?) throws -> Offset {
    // The log is ahead, and both in the same order.
    let receipt = try state.withLock { state in
      guard value == nil || state.values[key] != nil || state.values.count < Self.maximumKeyCount
      else { throw LogError(.full, "there are \(Self.maximumKeyCount) keys") }
      let receipt = try log.append(Record(key: key, value: value.map { Array($0.utf8) }))
      state.values[key] = value
      return receipt
    }
    // Not under the lock: one sync serves all who wait.
    try waitUntilDurable(receipt.nextOffset)
    return receipt.offset
  }

  func value(of key: String) throws -> String? { try read { $0.values[key] } }

  func count() throws -> Int { try read { $0.values.count } }

  /// Looks at the state, and does not tell before all that it shows is on the device.
  private func read<Value: Sendable>(_ look: (borrowing State) -> Value) throws -> Value {
    let (value, end) = state.withLock { (look($0), log.end) }
    try waitUntilDurable(end)
    return value
  }

  private func waitUntilDurable(_ end: Offset) throws {
    do {
      try log.waitUntilDurable(end)
    } catch {
      throw UncertainState(cause: error)
    }
  }
}

// MARK: Checkpoints

extension DurableMap {
  /// Has the log hold no more than it must: the last record of each key. It is the checkpoint, and needs
  /// no file beside the log, and readers and writers go on meanwhile.
  ///
  /// - Returns: What the log had before, and has now; nil where another checkpoint is under way.
  func checkpoint() throws -> (before: Int, after: Int)? {
    guard begin(where: { _ in true }) else { return nil }
    return try finishCheckpoint()
  }

  /// Makes one where the log has become more than twice what it was after the last.
  func checkpointIfDue() throws {
    let byteCount = log.byteCount
    guard begin(where: { byteCount > 2 * $0.checkpointByteCount + Self.slackByteCount }) else {
      return
    }
    _ = try finishCheckpoint()
  }

  private func begin(where isDue: (borrowing State) -> Bool) -> Bool {
    state.withLock { state in
      guard !state.isCheckpointing, isDue(state) else { return false }
      state.isCheckpointing = true
      return true
    }
  }

  private func finishCheckpoint() throws -> (before: Int, after: Int) {
    let before = log.byteCount
    defer {
      // Also where it failed: the next one is due when the log has grown as much again.
      let after = log.byteCount
      state.withLock { ($0.isCheckpointing, $0.checkpointByteCount) = (false, after) }
    }
    // What was written so far becomes full segments, and these are compacted.
    try log.roll()
    try log.clean()
    return (before, log.byteCount)
  }
}

/// The map holds what may not be on the device: only the log can tell, once it is opened again.
struct UncertainState: Error, CustomStringConvertible {
  let cause: LogError

  var description: String { "what was set may be lost, until the log is opened again: \(cause)" }
}
