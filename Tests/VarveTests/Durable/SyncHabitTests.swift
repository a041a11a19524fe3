import Testing

@testable import Varve

@Suite struct SyncHabitTests {
  private let small = LogLimits.mappedSyncByteCount - 1
  private let large = LogLimits.mappedSyncByteCount

  @Test func aLogThatIsNotSyncedIsMapped() {
    var habit = SyncHabit()
    #expect(!habit.prefersCalls)
    for roll in 1...3 {
      habit.noteRoll(byteCount: roll << 30)
      #expect(!habit.prefersCalls)
    }
  }

  /// So many small ones in a row, and not one of them alone.
  @Test func frequentSyncs() {
    var habit = SyncHabit()
    var end = 0
    for number in 1...LogLimits.frequentSyncCount {
      end += small
      habit.noteSync(byteCount: end)
      #expect(habit.prefersCalls == (number == LogLimits.frequentSyncCount))
    }
  }

  @Test func aLargeOneInBetweenBeginsAnew() {
    var habit = SyncHabit()
    var end = 0
    for _ in 0..<5 {
      for size in [small, large] {
        end += size
        habit.noteSync(byteCount: end)
        #expect(!habit.prefersCalls)
      }
    }
  }

  /// No file is written by turns: the way back is taken at a roll.
  @Test func theWayBackIsTakenAtARoll() {
    var habit = SyncHabit()
    for end in 1...3 { habit.noteSync(byteCount: end) }
    #expect(habit.prefersCalls)
    // Large from here on.
    var end = 3
    for _ in 0..<9 {
      end += large * 2
      habit.noteSync(byteCount: end)
      #expect(habit.prefersCalls)
    }
    habit.noteRoll(byteCount: end)
    #expect(!habit.prefersCalls)
  }

  @Test func aRollGoesByTheSegmentsOwnSyncs() {
    var habit = SyncHabit()
    for end in 1...3 { habit.noteSync(byteCount: end) }
    habit.noteRoll(byteCount: 3)
    #expect(habit.prefersCalls, "three bytes in three syncs")
    habit.noteRoll(byteCount: 1 << 30)
    #expect(!habit.prefersCalls, "nobody has synced this one")
    // Two in a segment, each of half a limit's worth.
    habit.noteSync(byteCount: 1 << 30 + large)
    habit.noteSync(byteCount: 1 << 30 + large * 2 - 2)
    habit.noteRoll(byteCount: 1 << 30 + large * 2 - 2)
    #expect(habit.prefersCalls)
  }
}
