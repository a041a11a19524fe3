import Synchronization
import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// The syncs without which a power cut in a compaction loses something: each of them is missed.
@Suite struct CompactionSyncTests {
  private static let end: Offset = 28

  /// The syncs of a compaction, of one kind, by their number.
  struct Sync: Sendable {
    let call: SystemCall
    let suffix: String
    let number: Int
  }

  /// Of these, one that is not made shows.
  static let needed = [
    Sync(call: .syncAll, suffix: ".log.cleaned", number: 0),
    // That it is decided, that those have gone which are replaced, and that it is done.
    Sync(call: .syncDirectory, suffix: "", number: 1),
    Sync(call: .syncDirectory, suffix: "", number: 2),
    Sync(call: .syncDirectory, suffix: "", number: 3),
  ]

  /// Tries what a power cut leaves at each call of two compactions, and says where it is not legal.
  private func firstFailure(without silenced: Sync?, seedCount: UInt64) throws -> String? {
    for count in 0... {
      var keyed = KeyedWreck()
      let log = try keyed.makeSmallSegments(upTo: Self.end)
      let counter = Counter()
      if let silenced { keyed.disk.silencedSyncs = silenced.silencer(counter) }
      keyed.disk.stop(afterOperation: keyed.disk.mutationCount + count)
      let failed =
        error {
          try log.compactNow(below: 16)
          try log.compactNow(below: 24)
        } != nil
      let isDone = !failed && !keyed.disk.isStopped
      // Until a sync is left out, all is as with it.
      let isTold = silenced.map { counter.count > $0.number } ?? true
      for seed in 0..<seedCount where isTold {
        let fork = keyed.fork()
        fork.disk.silencedSyncs = nil
        fork.disk.crash(.power, seed: seed)
        if let failure = failure(in: fork) { return "after \(count) calls, \(seed): \(failure)" }
      }
      if isDone { return nil }
    }
    return nil
  }

  private func failure(in keyed: KeyedWreck) -> String? {
    do {
      let log = try keyed.open()
      guard log.recovery?.damage ?? [] == [], log.start..<log.end == 0..<Self.end else {
        return "damage"
      }
      let legal = [0, 16, 24].map { keyed.compacted(below: $0, end: Self.end) }
      guard legal.contains(try log.stored()) else { return "other records" }
      try log.closeNow()
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// Where several segments take the place of others, the first one decides: that the others are decided upon
  /// is on the device before.
  @Test(arguments: [nil, Sync(call: .syncDirectory, suffix: "", number: 1)])
  func theFirstOfSeveralDecides(_ silenced: Sync?) throws {
    var failureCount = 0
    for count in 0..<60 where silenced == nil || failureCount == 0 {
      let scene = CompactionScene.fiveToTwoAtOnce
      let (keyed, log) = try scene.make()
      let counter = Counter()
      if let silenced { keyed.disk.silencedSyncs = silenced.silencer(counter) }
      keyed.disk.stop(afterOperation: keyed.disk.mutationCount + count)
      _ = error { try scene.compact(log) }
      for seed in 0..<(silenced == nil ? 4 : 40) as Range<UInt64> {
        let fork = keyed.fork()
        fork.disk.silencedSyncs = nil
        fork.disk.crash(.power, seed: seed)
        if try !isLegal(fork, in: scene) { failureCount += 1 }
      }
    }
    #expect((failureCount > 0) == (silenced != nil))
  }

  private func isLegal(_ keyed: KeyedWreck, in scene: CompactionScene) throws -> Bool {
    guard let log = try? keyed.open(),
      let state = scene.state(withSegments: log.segments.map(\.baseOffset))
    else { return false }
    return try log.stored() == scene.states[state].kept(keyed)
  }

  @Test func nothingIsLost() throws { #expect(try firstFailure(without: nil, seedCount: 3) == nil) }

  @Test(arguments: needed)
  func eachIsMissed(_ sync: Sync) throws {
    #expect(try firstFailure(without: sync, seedCount: 40) != nil)
  }
}

extension CompactionSyncTests.Sync {
  /// Silences this one.
  fileprivate func silencer(_ counter: Counter) -> SilencedSyncs {
    SilencedSyncs { [self] call, path in
      guard call == self.call, path.hasSuffix(suffix) else { return false }
      return counter.next() == number
    }
  }
}

/// How many syncs of a kind there were.
private final class Counter: Sendable {
  private let value = Mutex(0)

  var count: Int { value.withLock { $0 } }

  func next() -> Int {
    value.withLock { count in
      defer { count += 1 }
      return count
    }
  }
}
