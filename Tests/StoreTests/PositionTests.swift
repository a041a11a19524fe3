import Synchronization
import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// How far groups have come: said, found again, forgotten.
@Suite struct PositionTests {
  private let shelf = Shelf()

  private func open(_ store: LogStore, expiration: Duration? = nil) throws -> Positions {
    try Positions.open(in: store, expiration: expiration)
  }

  @Test func theyAreFoundAgain() throws {
    let store = try shelf.open()
    let orders = try TopicPartition.named("orders-0")
    try store.logNow("orders-0").fill(20)
    let positions = try open(store)
    for offset: Offset in [3, 9, 12] { try positions.commit(offset, for: "billing", of: orders) }
    try positions.commit(7, for: "audit", of: orders)
    #expect(positions.position(of: "billing", in: orders)?.offset == 12)
    #expect(positions.position(of: "none", in: orders) == nil)
    #expect(positions.groups == ["audit", "billing"])
    try store.closeNow()

    let again = try open(try shelf.open())
    #expect(again.position(of: "billing", in: orders)?.offset == 12)
    #expect(again.positions(of: "audit").mapValues(\.offset) == [orders: 7])
    #expect(try again.start(of: "billing", in: orders, resume: .fail) == .offset(12))
    let forgotten = try again.forget("billing", in: orders)
    let twice = try again.forget("billing", in: orders)
    #expect(forgotten && !twice && again.groups == ["audit"])
    #expect(try again.forget(all: orders) == 1)
    #expect(again.groups.isEmpty)
  }

  @Test func whoHasNoneResumes() throws {
    let store = try shelf.open()
    let orders = try TopicPartition.named("orders-0")
    let log = try store.logNow("orders-0")
    try log.fill(20)
    let positions = try open(store)
    #expect(try positions.start(of: "new", in: orders, resume: .earliest) == .earliest)
    #expect(try positions.start(of: "new", in: orders, resume: .latest) == .latest)
    let none = failure { _ = try positions.start(of: "new", in: orders, resume: .fail) }
    #expect(none?.code == .invalidArgument)
    try positions.commit(2, for: "slow", of: orders)
    shelf.settle(store)
    try log.deleteNow(before: 10)
    #expect(try positions.start(of: "slow", in: orders, resume: .earliest) == .earliest)
    let trimmed = failure { _ = try positions.start(of: "slow", in: orders, resume: .fail) }
    #expect(trimmed?.code == .trimmed && trimmed?.message.contains("10..<20") == true)
    let missing = failure {
      _ = try positions.start(of: "slow", in: .named("none-0"), resume: .latest)
    }
    #expect(missing?.code == .invalidArgument)
    #expect(failure { try positions.commit(-1, for: "g", of: orders) }?.code == .invalidArgument)
    #expect(failure { try positions.commit(1, for: "", of: orders) }?.code == .invalidArgument)
  }

  @Test func theyExpire() throws {
    let store = try shelf.open()
    let orders = try TopicPartition.named("orders-0")
    let positions = try open(store)
    try positions.commit(1, for: "old", of: orders)
    shelf.clock.advance(byMilliseconds: 60_000)
    try positions.commit(2, for: "young", of: orders)
    #expect(try positions.expire(olderThan: .seconds(90)) == 0)
    #expect(try positions.expire(olderThan: .seconds(30)) == 1)
    #expect(positions.groups == ["young"])
    try store.closeNow()
    shelf.clock.advance(byMilliseconds: 60_000)
    #expect(try open(try shelf.open(), expiration: .seconds(30)).groups.isEmpty)
  }

  /// However often that falls between the look for old ones and their end.
  @Test func whatIsSaidAnewDoesNotExpire() throws {
    let store = try shelf.open()
    let orders = try TopicPartition.named("orders-0")
    let positions = try open(store)
    let groups = (0..<8).map { "g\($0)" }
    for _ in 0..<200 {
      for group in groups { try positions.commit(1, for: group, of: orders) }
      shelf.clock.advance(byMilliseconds: 60_000)
      let isExpiring = Atomic(false)
      let expiring = try OwnedThread(named: "expire") {
        isExpiring.store(true, ordering: .relaxed)
        _ = try? positions.expire(olderThan: .seconds(30))
      }
      while !isExpiring.load(ordering: .relaxed) {}
      for group in groups { try positions.commit(2, for: group, of: orders) }
      expiring.join()
      let found = positions.groups
      #expect(found == groups)
      guard found == groups else { return }
      shelf.settle(store)
    }
    let again = try open(store)
    #expect(groups.allSatisfy { again.position(of: $0, in: orders)?.offset == 2 })
  }

  /// What was said durably outlives a power cut; what was not may be lost, and then all after it.
  @Test func whatWasDurableIsThereAfterAPowerCut() async throws {
    let orders = try TopicPartition.named("orders-0")
    let store = try shelf.open()
    let positions = try open(store)
    try await positions.commit(5, for: "billing", of: orders, durability: .durable)
    try positions.commit(8, for: "billing", of: orders)
    var seen: Set<Offset> = []
    for seed: UInt64 in 0..<40 {
      let fork = shelf.fork()
      fork.disk.crash(.power, seed: seed)
      let found = try open(try fork.open()).position(of: "billing", in: orders)
      seen.insert(try #require(found?.offset))
    }
    #expect(seen == [5, 8])
  }

  @Test func onlyTheLastOnesAreKept() throws {
    let store = try shelf.open()
    let orders = try TopicPartition.named("orders-0")
    let positions = try open(store)
    for number in 0..<500 {
      try positions.commit(Offset(rawValue: Int64(number)), for: "g\(number % 3)", of: orders)
    }
    let cleaner = store.configuration[try .named("varve-positions-0")].cleaner
    #expect(cleaner is CompactionPolicy && store.configuration.log.cleaner == nil)
    #expect(positions.log.configuration.requiresKeys)
  }

  /// A record that Kafka 4.3.1 wrote for a consumer of the group `billing`, which had read `orders-0`.
  @Test func kafkasOwnAreRead() {
    let key: [UInt8] =
      [0, 1, 0, 7] + Array("billing".utf8) + [0, 6] + Array("orders".utf8) + [0, 0, 0, 0]
    let value: [UInt8] = [
      0, 4, 0, 0, 0, 0, 0, 0, 0x11, 0xf8, 0, 0, 0, 0, 1, 0, 0, 1, 0xa1, 0xfc, 0x71, 0x89, 0xba, 1,
      0,
      0x10, 0x08, 0x04, 0xb8,
    ]
    #expect(PositionCoding.key(key)?.group == "billing")
    #expect(PositionCoding.key(key)?.partition.description == "orders-0")
    let position = PositionCoding.position(value)
    #expect(position?.offset == 4600 && position?.leaderEpoch == 0)
    #expect(position?.committedAt.rawValue == 0x1a1_fc71_89ba)
    // That of a group itself, and what is no key or too short.
    let others: [[UInt8]] = [[0, 2] + Array(key.dropFirst(2)), [], [0], Array(key.dropLast())]
    for other in others {
      #expect(PositionCoding.key(other) == nil)
    }
    for count in 0..<23 { #expect(PositionCoding.position(Array(value.prefix(count))) == nil) }
  }
}
