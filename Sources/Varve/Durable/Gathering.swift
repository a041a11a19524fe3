/// How long a sync waits for others before it begins.
///
/// Those whom a sync has served mostly append again at once, and come while the next one is already
/// under way: two halves, synced by turns, each of which waits for the other's sync. A sync that waits
/// for them until they are back serves all. It pays where that takes less time than a sync does. Where
/// they do not come back, nobody is waited for during the next syncs.
struct Gathering: Sendable {
  /// When the last sync began, how many had come by then in all, and how many of these it served.
  private var begun: Int64 = 0
  private var begunCount = 0
  private var servedCount = 0
  /// How many have come by now.
  private var arrivalCount = 0
  /// How many are to come before the next sync, and until when it waits for them.
  private var goal: (arrivalCount: Int, deadline: Int64)?
  private var isWaiting = false
  private var pausedCount = 0
}

extension Gathering {
  /// Somebody has come. Returns whether that was the last one who is waited for.
  mutating func noteArrival() -> Bool {
    arrivalCount += 1
    return isWaiting && arrivalCount == goal?.arrivalCount
  }

  /// Until when the next sync waits; nil where it begins at once.
  mutating func wait(now: Int64) -> Int64? {
    guard let goal, now < goal.deadline, arrivalCount < goal.arrivalCount else { return nil }
    isWaiting = true
    return goal.deadline
  }

  /// A sync begins: it serves those who came since the last one began.
  mutating func begin(now: Int64) {
    if let goal, goal.arrivalCount - arrivalCount > servedCount / 2 {
      pausedCount = LogLimits.gatheringPause
    } else if pausedCount > 0 {
      pausedCount -= 1
    }
    begun = now
    servedCount = arrivalCount - begunCount
    begunCount = arrivalCount
    goal = nil
    isWaiting = false
  }

  /// It has ended.
  mutating func end(now: Int64) {
    guard pausedCount == 0, servedCount > 1 || arrivalCount > begunCount else { return }
    let patience = min((now - begun) / LogLimits.gatheringShare, LogLimits.gatheringNanoseconds)
    goal = (arrivalCount + servedCount, now + patience)
  }
}
