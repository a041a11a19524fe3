internal import Synchronization
internal import VarveSystem

/// Does the same to many things, some at a time, each on a thread of its own for as long as that takes.
struct Crew {
  let threadCount: Int
  /// Whether there are no threads, and all is done where it is asked for.
  let isInline: Bool

  /// Returns when all has been done. Whoever asks does its share.
  func forEach<Item: Sendable>(_ items: [Item], _ body: @escaping @Sendable (Item) -> Void) {
    let work = Work(items, body)
    guard !isInline, threadCount > 1, items.count > 1 else { return work.perform() }
    let others = min(threadCount, items.count) - 1
    let pool = WorkerPool(named: "varve-crew", limit: others, isInline: false)
    let done = Arrivals(others)
    for _ in 0..<others {
      pool.perform {
        work.perform()
        done.arrive()
      }
    }
    work.perform()
    done.wait()
    pool.stop()
  }
}

/// Things to be done, each of which somebody takes.
private final class Work<Item: Sendable>: Sendable {
  private let items: [Item]
  private let body: @Sendable (Item) -> Void
  private let next = Atomic<Int>(0)

  init(_ items: [Item], _ body: @escaping @Sendable (Item) -> Void) {
    self.items = items
    self.body = body
  }

  func perform() {
    while true {
      let index = next.add(1, ordering: .relaxed).oldValue
      guard index < items.count else { return }
      body(items[index])
    }
  }
}

/// Lets a thread wait until so many have come.
private final class Arrivals: Sendable {
  private let missing: Lock<Int>
  private let changed = Condition()

  init(_ count: Int) { missing = Lock(count) }

  func arrive() {
    missing.withLock { $0 -= 1 }
    changed.wakeAll()
  }

  func wait() {
    unsafe missing.acquire()
    defer { missing.release() }
    while unsafe missing.withHeldLock({ $0 > 0 }) { changed.wait(in: missing) }
  }
}
