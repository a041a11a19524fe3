import Foundation
import Varve

/// The child: a store with all that a server does to one, until it is killed or told to end.
final class Load: Sendable {
  let settings: SoakSettings

  init(_ settings: SoakSettings) { self.settings = settings }

  /// Between the bursts of an appender: two cores are for others, too.
  private static let pause: Duration = .milliseconds(5)
  static let burstCount = 40
  /// A quarter of it is what sealed segments may keep open, which is fewer than there are: that much is in
  /// use early on, and what comes to more later is a leak. With more, what is open grows with the store
  /// wherever compaction is slower than the appends.
  private static let descriptorLimit: rlim_t = 512

  func run() async throws {
    signal(SIGPIPE, SIG_IGN)
    try Self.limitDescriptors()
    let store = try await LogStore.open(
      at: settings.directory, configuration: SoakStore.configuration)
    let positions = try await Positions.open(in: store)
    SoakReport.opened.send()
    await withTaskGroup(of: Void.self) { group in
      for partition in SoakStore.plain + SoakStore.keyed {
        group.addTask { await self.noting { try await self.append(to: partition, in: store) } }
        group.addTask {
          await self.noting { try await self.follow(partition, in: store, positions) }
        }
        group.addTask { await self.noting { try await self.send(partition, in: store) } }
      }
      group.addTask { await self.noting { try await self.churn(store) } }
      group.addTask { await self.noting { try await self.sample() } }
      await Self.waitForEnd()
      group.cancelAll()
    }
    try await store.close()
    SoakReport.closed.send()
  }

  private static func limitDescriptors() throws {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else {
      throw Discrepancy("no limit of descriptors: errno \(errno)")
    }
    limit.rlim_cur = min(descriptorLimit, limit.rlim_max)
    guard setrlimit(resource, &limit) == 0 else {
      throw Discrepancy("no limit of descriptors: errno \(errno)")
    }
  }

  /// Returns when the parent has closed its end of the input.
  private static func waitForEnd() async {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        var byte: UInt8 = 0
        while read(STDIN_FILENO, &byte, 1) > 0 || errno == EINTR { errno = 0 }
        continuation.resume()
      }
    }
  }

  /// What fails while nobody has told it to end is a failure of the soak.
  private func noting(_ body: () async throws -> Void) async {
    do {
      try await body()
    } catch {
      guard !Task.isCancelled else { return }
      SoakReport.failed("\(error)").send()
      _exit(1)
    }
  }

  private func append(to partition: TopicPartition, in store: LogStore) async throws {
    let log = try await store.log(for: partition)
    let content = try SoakStore.content(of: partition, in: store)
    var round = 0
    while !Task.isCancelled {
      try await Self.burst(log, content, isDurable: round % 50 == 0)
      if SoakStore.isKeyed(partition), round % 50 == 0 {
        SoakReport.compacted(log.cleanerStatus.compactedByteCount).send()
      }
      round += 1
      try await Task.sleep(for: Self.pause)
    }
  }

  static func burst(_ log: Log, _ content: Content, isDurable: Bool) async throws {
    for _ in 0..<burstCount { try log.append(content.record(at: log.end)) }
    if isDurable { try await log.flush() }
    SoakReport.appended(content.partition, content.topicID, log.end).send()
  }

  private func sample() async throws {
    while !Task.isCancelled {
      SoakReport.sampled(try Sample.now()).send()
      try await Task.sleep(for: .milliseconds(500))
    }
  }
}
