/// Who is due when: a heap, the earliest in front.
struct DeadlineQueue<Element> {
  private var entries: [(deadline: Int64, element: Element)] = []

  /// When the first one is due.
  var earliest: Int64? { entries.first?.deadline }

  var isEmpty: Bool { entries.isEmpty }

  mutating func insert(_ element: Element, at deadline: Int64) {
    entries.append((deadline, element))
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard entries[child].deadline < entries[parent].deadline else { break }
      entries.swapAt(child, parent)
      child = parent
    }
  }

  /// Takes the first one out, if it is due.
  mutating func popDue(at now: Int64) -> Element? {
    guard let first = entries.first, first.deadline <= now else { return nil }
    let last = entries.removeLast()
    if !entries.isEmpty {
      entries[0] = last
      sinkFirst()
    }
    return first.element
  }

  private mutating func sinkFirst() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
        if entries[child].deadline < entries[least].deadline { least = child }
      }
      guard least != parent else { return }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}
