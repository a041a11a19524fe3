import Testing
import Varve

/// The server of the article "Getting started", at work.
@Suite struct GettingStartedTests {
  private let shelter: Shelter
  private var directory: String { shelter.path + "/orders-0" }

  init() throws { shelter = try Shelter() }

  @Test func takesAndFindsOrders() async throws {
    let feed = try await OrderFeed.open(at: directory)
    #expect(feed.log.recovery == nil)
    let first = try await feed.take("a hat", of: "user-7")
    #expect(try await feed.order(at: first) == "a hat")
    #expect(feed.log.durableEnd > first)
    let second = try feed.note("came back", about: "user-7")
    #expect(try await feed.order(at: second) == "came back")
    let both = try await feed.take(["two shoes", "a scarf"], of: "user-8")
    #expect(both == 2..<4)
    #expect(try await feed.count(since: Timestamp(rawValue: 0)) == 4)
    #expect(try await feed.count(since: Timestamp(rawValue: .max)) == 0)
    try await feed.log.close()
  }

  @Test func oneOfManyTakesAnOrder() async throws {
    let feed = try await OrderFeed.open(at: directory)
    _ = try await feed.take("a scarf", of: "user-8")
    let takers = try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<16 { group.addTask { try await feed.takeOnce("a hat", of: "user-7") } }
      return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(takers == 1)
    #expect(try await feed.history(of: "user-7") == ["a hat"])
    #expect(try await feed.history(of: "user-8") == ["a scarf"])
    try await feed.log.close()
  }

  @Test func followersGetAllAndEndWithTheLog() async throws {
    let feed = try await OrderFeed.open(at: directory)
    _ = try await feed.take(["a hat", "two shoes"], of: "user-7")
    let follower = Task {
      var found: [Offset: String] = [:]
      try await feed.follow(from: 1) { offset, record in
        found[offset] = String(decoding: record.value ?? [], as: UTF8.self)
      }
      return found
    }
    _ = try await feed.take("a scarf", of: "user-8")
    try await OrderFeedService(feed: feed).run()
    #expect(feed.log.isClosed)
    #expect(try await follower.value == [1: "two shoes", 2: "a scarf"])
  }

  @Test func subscribersGetBatches() async throws {
    let feed = try await OrderFeed.open(at: directory)
    _ = try await feed.take("a hat", of: "user-7")
    let sockets = try SocketPair()
    try await withThrowingTaskGroup(of: Void.self) { group in
      let socket = sockets.ends.0
      group.addTask { try await feed.serve(socket, from: 0) }
      _ = try await feed.take("two shoes", of: "user-8")
      try await feed.log.close()
      try await group.waitForAll()
    }
    let bytes = sockets.received()
    var walk = BatchWalk(bytes.span.bytes)
    var count = 0
    while let batch = try walk.next() { count += Int(batch.header.recordCount) }
    #expect(count == 2)
  }

  @Test func errorsAreTold() async throws {
    let feed = try await OrderFeed.open(at: directory)
    let error = await #expect(throws: LogError.self) { try await feed.order(at: 99) }
    #expect(error.map(OrderFeed.status) == 400)
    #expect(OrderFeed.status(of: LogError(.full, "")) == 503)
    #expect(OrderFeed.status(of: LogError(.trimmed, "")) == 410)
    #expect(OrderFeed.status(of: LogError(.poisoned, "")) == 500)
    #expect(OrderFeed.status(of: LogError(.device, "")) == 500)
    try await feed.log.close()
  }
}
