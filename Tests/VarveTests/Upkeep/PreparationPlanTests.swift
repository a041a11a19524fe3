import Testing

@testable import Varve

/// What is made ready ahead of the appends.
@Suite struct PreparationPlanTests {
  private let segment = 128 << 20

  private func meter(_ bytesPerSecond: Int) -> RateMeter {
    var meter = RateMeter(now: 0)
    meter.update(byteCount: bytesPerSecond, now: 1_000_000_000)
    return meter
  }

  private func facts(
    rate: Int, position: Int = 0, share: Int = 256 << 20, isMapped: Bool = true,
    current: PreparationPlan.Extent = .init(allocatedEnd: 0, populatedEnd: 0),
    spare: PreparationPlan.Extent? = nil
  ) -> PreparationPlan.Facts {
    PreparationPlan.Facts(
      position: position, segmentByteCount: segment, rate: meter(rate), share: share,
      isMapped: isMapped, current: current, spare: spare)
  }

  /// Does all that a plan asks for, and returns the steps and what then is ready.
  private func carryOut(
    _ facts: PreparationPlan.Facts
  ) -> (steps: [PreparationPlan.Step], facts: PreparationPlan.Facts) {
    var (facts, steps) = (facts, [PreparationPlan.Step]())
    while steps.count < 10_000, let step = PreparationPlan(facts).next {
      steps.append(step)
      switch step {
      case .allocate(let end): facts.current.allocatedEnd = end
      case .populate(let range): facts.current.populatedEnd = range.upperBound
      case .makeSpare: facts.spare = .init(allocatedEnd: 0, populatedEnd: 0)
      case .allocateSpare(let end): facts.spare?.allocatedEnd = end
      case .populateSpare(let range): facts.spare?.populatedEnd = range.upperBound
      }
    }
    return (steps, facts)
  }

  @Test func aSlowLogHasLittleReady() {
    let (steps, facts) = carryOut(facts(rate: 100))
    #expect(facts.current.allocatedEnd <= 2 << 20)
    #expect(facts.current.populatedEnd <= LogLimits.preparedByteCount.lowerBound)
    #expect(facts.spare == nil)
    #expect(steps.count < 10)
  }

  @Test func aLogThatIsWrittenByCallsHasNothingReadyButTheNextSegment() {
    #expect(carryOut(facts(rate: 100, isMapped: false)).steps.isEmpty)
    let near = facts(rate: 50 << 20, position: segment - (60 << 20), isMapped: false)
    #expect(carryOut(near).steps == [.makeSpare])
  }

  @Test(arguments: [100, 1 << 20, 50 << 20, 500 << 20, 2 << 30])
  func whateverTheRate(_ rate: Int) {
    for position in [0, 1, 4097, segment / 2, segment - 5000, segment] {
      let (steps, ready) = carryOut(facts(rate: rate, position: position))
      #expect(steps.count < 1000)
      for step in steps {
        switch step {
        case .allocate(let end), .allocateSpare(let end): #expect(end <= segment)
        case .populate(let range), .populateSpare(let range):
          #expect(range.count <= LogLimits.preparationPieceByteCount)
          #expect(range.upperBound <= segment)
        case .makeSpare: break
        }
      }
      #expect(ready.current.populatedEnd <= ready.current.allocatedEnd || position == segment)
      #expect(ready.current.populatedEnd - position <= LogLimits.preparedByteCount.upperBound)
      // Enough for the time until the next look, or to the end.
      let wanted = min(segment, position + PreparationPlan(ready).populatedAhead)
      #expect(
        ready.current.populatedEnd >= position + (wanted - position) / 2 || position == segment)
      #expect(PreparationPlan(ready).next == nil)
    }
  }

  /// An append wakes maintenance where there is something to do, and nowhere else: were it woken
  /// for nothing, the next append would wake it again.
  @Test(
    arguments: [100, 1 << 20, 50 << 20, 500 << 20, 2 << 30], [0, 1 << 20, 64 << 20, 256 << 20])
  func whoIsWokenHasSomethingToDo(_ rate: Int, _ minimum: Int) {
    for isMapped in [true, false] {
      var facts = facts(rate: rate, isMapped: isMapped)
      facts.minimum = minimum
      facts.allocates = !isMapped
      var wakes = 0
      while facts.position < segment {
        facts = carryOut(facts).facts
        let wake = PreparationPlan(facts).wakePosition
        #expect(wake > facts.position)
        guard wake < segment else { break }
        facts.position = wake + 1
        #expect(PreparationPlan(facts).next != nil)
        wakes += 1
      }
      #expect(wakes < 2000)
      #expect(facts.spare != nil)
      if isMapped { #expect(facts.current.populatedEnd == segment) }
    }
  }

  @Test func noSegmentIsBegunWhileTooManyWaitForTheirForm() {
    var facts = facts(rate: 500 << 20)
    facts.mayMakeSpare = false
    let (steps, ready) = carryOut(facts)
    #expect(!steps.contains(.makeSpare))
    #expect(PreparationPlan(ready).wakePosition > ready.position)
    facts.mayMakeSpare = true
    #expect(carryOut(facts).steps.contains(.makeSpare))
  }

  @Test func moreIsReadyForWhoWritesMore() {
    let ready = [1 << 20, 20 << 20, 200 << 20, 2000 << 20].map { carryOut(facts(rate: $0)).facts }
    for (less, more) in zip(ready, ready.dropFirst()) {
      #expect(less.current.allocatedEnd <= more.current.allocatedEnd)
      #expect(less.current.populatedEnd <= more.current.populatedEnd)
    }
    #expect(ready[0].current.populatedEnd < ready[3].current.populatedEnd)
  }

  /// The next segment is there when the end is as near as two seconds.
  @Test func theNextSegmentComesInTime() {
    let rate = 10 << 20
    let far = carryOut(facts(rate: rate, position: segment - 21 * (1 << 20)))
    #expect(far.facts.spare == nil)
    let near = carryOut(facts(rate: rate, position: segment - 19 * (1 << 20)))
    #expect(near.facts.spare != nil)
    // An append that comes to where it is needed says so.
    let wake = PreparationPlan(far.facts).wakePosition
    #expect(wake <= segment - rate * 2)
  }

  @Test func aShareOfNothingPreparesNoPages() {
    let (_, ready) = carryOut(facts(rate: 100 << 20, share: 0))
    #expect(ready.current.populatedEnd == 0)
  }

  // MARK: The rate

  @Test func aRateIsBelievedAtOnceAndForgottenSlowly() {
    var meter = RateMeter(now: 0)
    meter.update(byteCount: 1_000_000, now: 10_000_000)
    #expect(meter.rate == 100_000_000)
    #expect(meter.byteCount(in: 10_000_000) == 1_000_000)
    // Too short to tell anything.
    meter.update(byteCount: 2_000_000, now: 10_000_000 + RateMeter.minimumNanoseconds - 1)
    #expect(meter.rate == 100_000_000)
    meter.update(byteCount: 2_000_000, now: 20_000_000)
    #expect(meter.rate == 100_000_000)
    meter.update(byteCount: 2_000_000, now: 10_000_000_000)
    #expect(meter.rate == 0)
  }

  /// However often somebody looks, about half of it is left after 100 ms.
  @Test(arguments: [1, 10, 100, 1000])
  func calm(_ looks: Int64) {
    var meter = RateMeter(now: 0)
    meter.update(byteCount: 1_000_000, now: 10_000_000)
    for look in 1...looks {
      meter.update(byteCount: 1_000_000, now: 10_000_000 + look * 100_000_000 / looks)
    }
    #expect(meter.rate >= 49_000_000)
    #expect(meter.rate <= 61_000_000)
  }

  @Test func aLogThatShrinksDoesNotGrow() {
    var meter = RateMeter(now: 0)
    meter.update(byteCount: 1000, now: 1_000_000_000)
    meter.update(byteCount: 0, now: 60_000_000_000)
    #expect(meter.rate == 0)
  }
}
