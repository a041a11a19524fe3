import Testing
import VarveSystem

@testable import Varve

/// Who is served by which sync.
@Suite struct CommitStateTests {
  private func mark(_ offset: Offset, in base: Offset = 0) -> DurableMark {
    DurableMark(offset: offset, segmentBase: base, position: Int(offset.rawValue) * 100)
  }

  /// Five who wait, by key, at durable end 5.
  private func waiting() async -> CommitState {
    var state = CommitState(durable: mark(5))
    for offset: Offset in [6, 10, 10, 15, 20] {
      let key = state.nextKey()
      state.add(CommitState.Waiter(key: key, offset: offset, task: await .suspended()))
    }
    return state
  }

  private func wake(_ tasks: [WaitingTask]) -> Int {
    for task in tasks { task.wake() }
    return tasks.count
  }

  /// The keys of those who still wait.
  private func keys(_ state: CommitState) -> [Int] {
    var copy = state
    return (1...9).filter { copy.leave($0) != nil }
  }

  private func expect(
    _ state: inout CommitState, _ key: Int, _ offset: Offset, _ outcome: LogError?,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let found = state.takeOutcome(key, offset)
    #expect(found == outcome, sourceLocation: sourceLocation)
  }

  private let refusal = LogError(.poisoned, "a sync failed")

  @Test func anAdvanceServesThoseBeforeIt() async {
    let table: [(end: Offset, rest: [Int])] = [
      (5, [1, 2, 3, 4, 5]), (6, [2, 3, 4, 5]), (9, [2, 3, 4, 5]), (10, [4, 5]), (14, [4, 5]),
      (15, [5]), (20, []), (99, []),
    ]
    for row in table {
      var state = await waiting()
      let count = wake(state.advance(to: mark(row.end)))
      #expect(keys(state) == row.rest)
      #expect(count == 5 - row.rest.count)
      #expect(state.durable == mark(row.end))
      #expect(state.isAnyoneWaiting == !row.rest.isEmpty)
      #expect(state.isSettled(row.end) && !state.isSettled(row.end.advanced(by: 1)))
      _ = wake(state.fail(refusal))
    }
  }

  @Test func nothingGoesBack() async {
    var state = await waiting()
    _ = wake(state.advance(to: mark(15)))
    for earlier in [mark(0), mark(14), mark(15)] {
      let woken = state.advance(to: earlier)
      #expect(woken.isEmpty)
      #expect(state.durable == mark(15))
    }
    // The next segment's name adds to what is durable, and serves nobody.
    let next = DurableMark(offset: 15, segmentBase: 15, position: 0)
    let woken = state.advance(to: next)
    #expect(woken.isEmpty)
    #expect(state.durable == next)
    #expect(keys(state) == [5])
    _ = wake(state.fail(refusal))
  }

  @Test func aFailureEndsAllWaits() async {
    var state = await waiting()
    _ = wake(state.advance(to: mark(10)))
    let counts = [wake(state.fail(refusal)), wake(state.fail(LogError(.closed, "later")))]
    #expect(counts == [2, 0])
    #expect(state.failure == refusal)
    // What was durable before stays so.
    for (key, offset): (Int, Offset) in [(1, 6), (2, 10)] {
      expect(&state, key, offset, nil)
    }
    for (key, offset): (Int, Offset) in [(4, 15), (5, 20)] {
      expect(&state, key, offset, refusal)
    }
    #expect(state.isSettled(.init(rawValue: .max)))
    let leads = state.lead()
    #expect(!leads && !state.needsLeader)
  }

  /// A sync that could not be tried: those who wait hear of it, and others may come.
  @Test func aRejectionEndsTheWaitsThatThereAre() async {
    var state = await waiting()
    let error = LogError(.full, "no space")
    let count = wake(state.reject(error))
    #expect(count == 5)
    #expect(state.failure == nil && !state.isSettled(6))
    let key = state.nextKey()
    state.add(CommitState.Waiter(key: key, offset: 6, task: await .suspended()))
    #expect(keys(state) == [key])
    let served = wake(state.advance(to: mark(10)))
    #expect(served == 1)
    expect(&state, key, 6, nil)
    // Meanwhile durable all the same.
    expect(&state, 1, 6, nil)
    expect(&state, 2, 10, nil)
    expect(&state, 4, 15, error)
    // It is told once.
    expect(&state, 4, 15, .cancelledCommit)
  }

  @Test func whoLeavesIsNotWoken() async {
    var state = await waiting()
    state.leave(2)?.wake()
    let isThere = state.leave(2).map { _ in true } ?? false
    #expect(!isThere)
    #expect(keys(state) == [1, 3, 4, 5])
    let served = wake(state.advance(to: mark(10)))
    #expect(served == 2)
    // Cancelled, and durable all the same.
    expect(&state, 2, 10, nil)
    state.leave(4)?.wake()
    expect(&state, 4, 15, .cancelledCommit)
    _ = wake(state.fail(refusal))
  }

  @Test func oneLeads() {
    var state = CommitState(durable: mark(0))
    var answers = [state.lead(), state.lead()]
    state.stopLeading()
    answers += [state.lead(), state.lead()]
    #expect(answers == [true, false, true, false])
    state.stopLeading()
    let isFirst = [state.beginEnding(), state.beginEnding()]
    #expect(isFirst == [true, false])
    let leads = state.lead()
    #expect(!leads, "the one who closes the log leads")
    #expect(!state.needsLeader)
  }

  /// What is cut off stays so, though others take its place and become durable before whoever waits has
  /// looked what came of it.
  @Test func whatIsCutOffIsNotMadeUpFor() async {
    var state = CommitState(durable: mark(0))
    let key = state.nextKey()
    state.add(CommitState.Waiter(key: key, offset: 10, task: await .suspended()))
    let count = wake(state.cut(to: mark(5)))
    _ = state.advance(to: mark(12))
    #expect(count == 1)
    let outcome = state.takeOutcome(key, 10, 0)
    #expect(outcome == .cutCommit)
    #expect(state.isSettled(10, 0))
    guard case .failed(.cutCommit) = state.turn(for: 10, awaited: 1, 0) else {
      Issue.record("it is to hear of the cut")
      return
    }
    // What lies before it was kept, and what has come since is there.
    for (offset, cutCount) in [(5, 0), (10, 1), (12, 1)] as [(Offset, Int)] {
      #expect(text(state.turn(for: offset, awaited: 1, cutCount)) == "served")
      let outcome = state.takeOutcome(state.nextKey(), offset, cutCount)
      #expect(outcome == nil)
    }
  }

  private func text(_ turn: CommitState.Turn) -> String { "\(turn)" }

  /// Those who have come before a sync begins wait for that one, and who comes later for the next.
  @Test func turns() {
    var state = CommitState(durable: mark(0))
    var turns: [String] = []
    func take(_ offset: Offset, awaited: Int = 0) {
      turns.append(text(state.turn(for: offset, awaited: awaited)))
    }
    take(1)
    // Whoever leads has not begun.
    take(2)
    let first = state.beginSync(now: 0)
    take(3)
    // Woken without a reason.
    take(2, awaited: 1)
    take(3, awaited: 2)
    state.endSync(now: 0)
    _ = state.advance(to: mark(2))
    take(2, awaited: 1)
    take(3, awaited: 2)
    // A sync that does not serve who has waited for it: it has failed.
    let second = state.beginSync(now: 0)
    state.endSync(now: 0)
    take(3, awaited: 2)
    state.stopLeading()
    take(3, awaited: 3)
    #expect((first, second) == (1, 2))
    #expect(
      turns == [
        "lead", "wait(1)", "wait(2)", "wait(1)", "wait(2)", "served", "wait(2)", "wait(3)", "lead",
      ])
    _ = state.fail(refusal)
    #expect(text(state.turn(for: 2, awaited: 0)) == "served")
    guard case .failed(refusal) = state.turn(for: 3, awaited: 3) else {
      Issue.record("it is to hear of the failure")
      return
    }
  }

  /// A sync, led by one thread and told of to all; returns whether the next one waits for others.
  private func sync(_ state: inout CommitState, of offsets: [Offset], at time: Int64) -> Bool {
    for offset in offsets { _ = state.turn(for: offset, awaited: 0) }
    _ = state.beginSync(now: time)
    state.endSync(now: time + 1000)
    _ = state.advance(to: mark(offsets.last ?? 0))
    state.stopLeading()
    // Each looks once more what has become of it.
    for offset in offsets { _ = state.turn(for: offset, awaited: 0) }
    return state.gather(now: time + 1001) != nil
  }

  @Test func whoIsAloneWaitsForNobody() {
    var state = CommitState(durable: mark(0))
    let waits = (1...5).map { number in
      sync(&state, of: [Offset(rawValue: number)], at: number * 2000)
    }
    #expect(waits == Array(repeating: false, count: 5))
  }

  @Test func whoIsServedWithOthersIsWaitedFor() {
    var state = CommitState(durable: mark(0))
    let waits = sync(&state, of: [1, 2], at: 2000)
    #expect(waits)
    _ = state.turn(for: 3, awaited: 0)
    let isEarly = state.takeGathered()
    _ = state.turn(for: 4, awaited: 0)
    let answers = [state.takeGathered(), state.takeGathered()]
    #expect(!isEarly && answers == [true, false])
    let deadline = state.gather(now: 3002)
    #expect(deadline == nil)
  }

  /// Whoever comes while a sync runs is served by the next one: nobody waits for more than two.
  @Test(arguments: 1...20)
  func nobodyWaitsForMoreThanTwoSyncs(_ seed: UInt64) async {
    var random = SplitMix(seed: seed)
    var state = CommitState(durable: mark(0))
    var end: Int64 = 0
    var syncs = 0
    var since: [Int: Int] = [:]
    for _ in 0..<40 {
      // A sync begins: it takes the end as it is now.
      let target = mark(Offset(rawValue: end))
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        end += 1
        let key = state.nextKey()
        since[key] = syncs
        state.add(
          CommitState.Waiter(key: key, offset: Offset(rawValue: end), task: await .suspended()))
      }
      syncs += 1
      _ = wake(state.advance(to: target))
      let rest = keys(state, among: since.keys)
      for key in since.keys where !rest.contains(key) { since[key] = nil }
      #expect(since.values.allSatisfy { syncs - $0 < 2 })
    }
    _ = wake(state.advance(to: mark(Offset(rawValue: end))))
    #expect(!state.isAnyoneWaiting)
  }

  private func keys(_ state: CommitState, among keys: some Sequence<Int>) -> Set<Int> {
    var copy = state
    return Set(keys.filter { copy.leave($0) != nil })
  }
}

extension WaitingTask {
  /// A task that is suspended until it is woken.
  static func suspended() async -> WaitingTask {
    let box = Outcome<WaitingTask>()
    Task { await withUnsafeContinuation { box.set(.success(WaitingTask($0))) } }
    while true {
      if let task = try? box.take() { return task }
      await Task.yield()
    }
  }
}
