import Testing

@testable import Varve

@Suite struct GatheringTests {
  private let share = LogLimits.gatheringShare

  /// So many come; returns whether one of them was the last who was waited for.
  private func come(_ count: Int, to gathering: inout Gathering) -> Bool {
    (0..<count).map { _ in gathering.noteArrival() }.contains(true)
  }

  /// A sync that begins once so many have come, and takes so long, while others come.
  private func sync(
    _ gathering: inout Gathering, at time: Int64, of count: Int, took: Int64 = 1000, came: Int = 0
  ) {
    _ = come(count, to: &gathering)
    gathering.begin(now: time)
    _ = come(came, to: &gathering)
    gathering.end(now: time + took)
  }

  @Test func whoIsAloneWaitsForNobody() {
    var gathering = Gathering()
    var waits = [gathering.wait(now: 0)]
    for turn in 1...5 as ClosedRange<Int64> {
      sync(&gathering, at: turn * 2000, of: 1)
      waits.append(gathering.wait(now: turn * 2000 + 1000))
    }
    #expect(waits == Array(repeating: nil, count: 6))
  }

  /// Those who were served, and those who came meanwhile.
  @Test func twoHalvesBecomeOneWhole() {
    var gathering = Gathering()
    sync(&gathering, at: 0, of: 4, came: 4)
    let deadline = gathering.wait(now: 1000)
    #expect(deadline == 1000 + 1000 / share)
    let isEarly = come(3, to: &gathering)
    let isDone = come(1, to: &gathering)
    #expect(!isEarly && isDone)
    let after = gathering.wait(now: 1001)
    #expect(after == nil)
    // From then on, all of them come together.
    sync(&gathering, at: 1100, of: 0)
    _ = gathering.wait(now: 2100)
    let isComplete = [come(7, to: &gathering), come(1, to: &gathering)]
    #expect(isComplete == [false, true])
  }

  /// Nobody is woken who does not wait.
  @Test func arrivalsThatNobodyWaitsFor() {
    var gathering = Gathering()
    sync(&gathering, at: 0, of: 2)
    let isTold = come(2, to: &gathering)
    #expect(!isTold)
  }

  @Test func aWaitEnds() {
    var gathering = Gathering()
    sync(&gathering, at: 0, of: 2)
    let last = gathering.wait(now: 1000 + 1000 / share - 1)
    let over = gathering.wait(now: 1000 + 1000 / share)
    #expect(last != nil && over == nil)
    // However slow the device is.
    sync(&gathering, at: 5000, of: 2, took: 1_000_000_000)
    let deadline = gathering.wait(now: 1_000_005_000)
    #expect(deadline == 1_000_005_000 + LogLimits.gatheringNanoseconds)
  }

  /// Where more than half of them stay away, it is left for some syncs.
  @Test(arguments: [(0, false), (3, false), (4, true), (6, true)])
  func theWaitIsLeftThatIsInVain(missing: Int, isLeft: Bool) {
    var gathering = Gathering()
    sync(&gathering, at: 0, of: 6)
    sync(&gathering, at: 2000, of: 6 - missing, came: 2)
    let wait = gathering.wait(now: 3000)
    #expect((wait == nil) == isLeft)
    guard isLeft else { return }
    for turn in 1...Int64(LogLimits.gatheringPause) {
      let wait = gathering.wait(now: turn * 2000 + 1000)
      #expect(wait == nil)
      sync(&gathering, at: turn * 2000 + 2000, of: 0, came: 2)
    }
    let again = gathering.wait(now: Int64(LogLimits.gatheringPause) * 2000 + 3000)
    #expect(again != nil)
  }

  /// Of a sync that has not ended nothing is known.
  @Test func aSyncThatDidNotEnd() {
    var gathering = Gathering()
    sync(&gathering, at: 0, of: 4)
    _ = come(4, to: &gathering)
    gathering.begin(now: 1000)
    let wait = gathering.wait(now: 1001)
    #expect(wait == nil)
  }
}
