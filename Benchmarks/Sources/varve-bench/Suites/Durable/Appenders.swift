import BenchHarness
import Varve

/// Those who append to a log at the same time, each one record after the other, and wait for each
/// to be on the device.
struct Appenders: Sendable {
  enum Kind: String, CaseIterable {
    /// Threads, which may sync on their own.
    case threads
    /// Tasks, for which somebody else does.
    case tasks
  }

  let kind: Kind
  let count: Int

  /// Appends so many records in all, and adds how long each took.
  func append(_ record: Record, to log: Log, times: Int, _ latencies: LatencyRecord) throws {
    let share = { @Sendable (index: Int) in times / count + (index < times % count ? 1 : 0) }
    let present = min(count, times)
    switch kind {
    // As a host does that has but one: on a thread that is there.
    case .threads where present == 1:
      latencies.add(try LogLoops.appendDurably(record, to: log, times: times))
    case .threads:
      try Threads.run(present) { index in
        latencies.add(try LogLoops.appendDurably(record, to: log, times: share(index)))
      }
    case .tasks:
      try Tasks.run(present) { index in
        latencies.add(try await LogLoops.appendDurably(record, to: log, times: share(index)))
      }
    }
  }
}
