/// What is to be done next of all that waits: the weightiest, and of those that weigh the same the first.
///
/// Nobody waits for ever beside others who come again and again: whoever has been passed over so many times
/// goes first.
struct JobQueue<Job> {
  private struct Entry {
    let job: Job
    let weight: Int
    /// How many that came later have gone before it.
    var passedCount = 0
  }

  /// As often as one may be passed over.
  static var patience: Int { 8 }

  /// In the order in which they came.
  private var entries: [Entry] = []
  /// How many of them weigh anything: where none does, nobody is looked for.
  private var weightyCount = 0

  var count: Int { entries.count }
  var isEmpty: Bool { entries.isEmpty }

  mutating func add(_ job: Job, weight: Int = 0) {
    entries.append(Entry(job: job, weight: weight))
    if weight > 0 { weightyCount += 1 }
  }

  /// Takes the next one out; nil if there is none.
  mutating func next() -> Job? {
    guard !entries.isEmpty else { return nil }
    let index = nextIndex
    for earlier in 0..<index { entries[earlier].passedCount += 1 }
    let entry = entries.remove(at: index)
    if entry.weight > 0 { weightyCount -= 1 }
    return entry.job
  }

  private var nextIndex: Int {
    guard weightyCount > 0 else { return 0 }
    // Who came first has been passed over most often.
    if entries[0].passedCount >= Self.patience { return 0 }
    var found = 0
    for index in entries.indices where entries[index].weight > entries[found].weight {
      found = index
    }
    return found
  }
}
