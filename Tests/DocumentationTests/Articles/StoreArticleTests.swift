import Testing
import Varve

/// What the articles about stores show does what they say of it.
@Suite struct StoreArticleTests {
  private let shelter: Shelter

  init() throws { shelter = try Shelter() }

  @Test func groupsGoOnWhereTheyHaveBeen() async throws {
    let store = try await openStore(at: shelter.path)
    #expect(summary(of: store.opening).isEmpty)
    let log = try #require(try await logs(of: "orders", count: 2, in: store).first)
    #expect(store.partitions.count == 2)
    let orders = try #require(store.partitions.first)
    try log.append([Record(value: "a"), Record(value: "b")])
    let positions = try await Positions.open(in: store)
    let found = Task {
      var values: [[UInt8]?] = []
      try await process(orders, of: store, positions: positions, as: "billing") {
        values.append($0.value)
      }
      return values
    }
    while positions.position(of: "billing", in: orders) == nil {
      try await Task.sleep(for: .milliseconds(1))
    }
    try await store.close()
    #expect(try await found.value == [Array("a".utf8), Array("b".utf8)])
    let again = try await takeOver(shelter.path)
    #expect(again.opening.wasClean && again.failures.isEmpty)
    let known = try await Positions.open(in: again)
    #expect(known.position(of: "billing", in: orders)?.offset == 2)
    try await again.close()
  }

  @Test func configurationsAreTaken() async throws {
    for configuration in [retention(), sparing(1 << 10), boundedLoss()] {
      let log = try await Log.open(at: shelter.path + "/a", configuration: configuration)
      #expect(try await log.cleanerPlan().isEmpty)
      try await log.close()
    }
  }
}
