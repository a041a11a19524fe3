import Testing

@testable import Varve

/// Who comes next of all that wait for a thread.
@Suite struct JobQueueTests {
  private func order(_ weights: [Int]) -> [Int] {
    var queue = JobQueue<Int>()
    for (number, weight) in weights.enumerated() { queue.add(number, weight: weight) }
    #expect(queue.count == weights.count)
    return all(&queue)
  }

  private func all(_ queue: inout JobQueue<Int>) -> [Int] {
    var found: [Int] = []
    while let job = queue.next() { found.append(job) }
    #expect(queue.isEmpty)
    return found
  }

  @Test func thatWhichCameFirst() {
    #expect(order([]) == [])
    #expect(order([0, 0, 0]) == [0, 1, 2])
    #expect(order([5, 5, 5]) == [0, 1, 2])
  }

  @Test func theWeightiestGoesFirst() {
    #expect(order([1, 3, 2]) == [1, 2, 0])
    #expect(order([0, 7, 0, 7]) == [1, 3, 0, 2])
    #expect(order([0, 1]) == [1, 0])
  }

  @Test func nobodyWaitsForEver() {
    var queue = JobQueue<Int>()
    queue.add(-1, weight: 1)
    var found: [Int] = []
    for number in 0..<20 {
      queue.add(number, weight: 100)
      if let job = queue.next() { found.append(job) }
    }
    #expect(found.firstIndex(of: -1) == JobQueue<Int>.patience)
    #expect(all(&queue).count == 1)
  }
}
