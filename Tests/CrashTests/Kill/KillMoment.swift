import Foundation
import Varve
import VarveTesting

/// When a process is killed.
enum KillMoment: Hashable, Sendable {
  /// So long after it has begun to open the log.
  case inOpening(microseconds: Int)
  /// So long after it has opened the log.
  case amidAppends(microseconds: Int)
  /// So long after it has gone on in a new segment for the so-manieth time.
  case afterRolls(Int, microseconds: Int)

  init(_ random: inout SplitMix) {
    switch random.number(below: 10) {
    case 0, 1: self = .inOpening(microseconds: random.number(below: 1_500))
    case 2...6: self = .amidAppends(microseconds: random.number(below: 40_000))
    default:
      self = .afterRolls(
        1 + random.number(below: 8), microseconds: random.number(below: 2_000))
    }
  }

  /// The longest that rolls are waited for: a process that writes little has none.
  private static let rollPatience: Duration = .milliseconds(300)
  /// What a process may append, lest it fill a disk where the test is kept from killing it.
  private static let mostAppends = 50_000

  /// Waits for it.
  func wait(for child: Child) throws {
    try child.expect("began to open the log") { $0.hasBegun }
    if case .inOpening(let microseconds) = self {
      usleep(UInt32(microseconds))
      return
    }
    try child.expect("had opened the log") { $0.openedEnd != nil }
    switch self {
    case .inOpening: break
    case .amidAppends(let microseconds):
      child.wait(within: .microseconds(microseconds)) { $0.acknowledgedCount > Self.mostAppends }
    case .afterRolls(let count, let microseconds):
      child.wait(within: Self.rollPatience) {
        $0.rollCount >= count || $0.acknowledgedCount > Self.mostAppends
      }
      usleep(UInt32(microseconds))
    }
  }
}
