import Testing

@testable import Varve

/// When what is done again and again is due.
@Suite struct RecurrenceTests {
  @Test func itIsDueSoonAndThenAtTheInterval() {
    var recurrence = Recurrence()
    #expect(recurrence.look(now: 1000, interval: 500, first: 30) == (1030, false))
    #expect(recurrence.look(now: 1029, interval: 500, first: 30) == (1030, false))
    #expect(recurrence.look(now: 1040, interval: 500, first: 30) == (1540, true))
    recurrence.end()
    #expect(recurrence.look(now: 1539, interval: 500, first: 30) == (1540, false))
    #expect(recurrence.look(now: 1540, interval: 500, first: 30) == (2040, true))
  }

  /// Where the interval is shorter than what it waits for at first, that is enough.
  @Test func aShortIntervalIsNotWaitedForLonger() {
    var recurrence = Recurrence()
    #expect(recurrence.look(now: 0, interval: 10, first: 30) == (10, false))
  }

  @Test func whoeverDemandsItHasItAtOnce() {
    var recurrence = Recurrence()
    #expect(recurrence.look(now: 5, interval: 500, first: 30, isDemanded: true) == (505, true))
    let later = 6 + LogLimits.maintenanceInterval
    #expect(recurrence.look(now: 6, interval: 500, first: 30, isDemanded: true) == (later, false))
    recurrence.end()
    #expect(recurrence.look(now: 7, interval: 500, first: 30) == (505, false))
    #expect(recurrence.look(now: 8, interval: 500, first: 30, isDemanded: true) == (508, true))
  }

  @Test func oneIsUnderWayAtATime() {
    var recurrence = Recurrence()
    _ = recurrence.look(now: 0, interval: 10, first: 10)
    #expect(recurrence.look(now: 10, interval: 10, first: 10) == (20, true))
    let later = 25 + LogLimits.maintenanceInterval
    #expect(recurrence.look(now: 25, interval: 10, first: 10) == (later, false))
    recurrence.end()
    #expect(recurrence.look(now: 26, interval: 10, first: 10) == (36, true))
  }

  @Test func whatFailsComesLater() {
    var recurrence = Recurrence()
    recurrence.delay(by: 7)
    #expect(recurrence.look(now: 0, interval: 10, first: 10) == (10, false))
    recurrence.delay(by: 7)
    #expect(recurrence.look(now: 10, interval: 10, first: 10) == (17, false))
  }

  @Test func noTimeIsBeyondAllTimes() {
    #expect(Recurrence.later(.max - 1, by: 2) == .max)
    var recurrence = Recurrence()
    #expect(recurrence.look(now: 5, interval: .max, first: .max) == (.max, false))
  }
}
