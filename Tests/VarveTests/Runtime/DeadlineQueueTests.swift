import Testing

@testable import Varve

@Suite struct DeadlineQueueTests {
  @Test(arguments: 0..<20)
  func theEarliestComesFirst(_ seed: Int) {
    var random = SplitMix(seed: UInt64(seed))
    var queue = DeadlineQueue<Int>()
    var model: [(deadline: Int64, element: Int)] = []
    for element in 0..<200 {
      if random.chance(3) {
        let now = Int64.random(in: 0...1000, using: &random)
        let due = model.map(\.deadline).min().flatMap { $0 <= now ? $0 : nil }
        let popped = queue.popDue(at: now)
        #expect((popped == nil) == (due == nil))
        guard let popped else { continue }
        let place = model.firstIndex { $0.element == popped }
        #expect(place.map { model.remove(at: $0).deadline } == due)
      } else {
        let deadline = Int64.random(in: 0...1000, using: &random)
        queue.insert(element, at: deadline)
        model.append((deadline, element))
      }
      #expect(queue.earliest == model.map(\.deadline).min())
      #expect(queue.isEmpty == model.isEmpty)
    }
    var last = Int64.min
    while let earliest = queue.earliest {
      #expect(earliest >= last)
      last = earliest
      #expect(queue.popDue(at: earliest) != nil)
    }
    #expect(queue.popDue(at: .max) == nil)
  }

  @Test func nothingIsDueBeforeItsTime() {
    var queue = DeadlineQueue<String>()
    queue.insert("x", at: 10)
    #expect(queue.popDue(at: 9) == nil)
    #expect(queue.popDue(at: 10) == "x")
    #expect(queue.popDue(at: 10) == nil)
  }
}
