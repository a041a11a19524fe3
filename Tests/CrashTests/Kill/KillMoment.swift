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
  /// So long after it has begun to close the log, amid appends.
  case inClosing(microseconds: Int)

  init(_ random: inout SplitMix) {
    switch random.number(below: 12) {
    case 0, 1: self = .inOpening(microseconds: random.number(below: 1_500))
    case 2: self = .inClosing(microseconds: random.number(below: 2_000))
    case 3...7: self = .amidAppends(microseconds: random.number(below: 40_000))
    default:
      self = .afterRolls(
        1 + random.number(below: 8), microseconds: random.number(below: 2_000))
    }
  }

  /// The longest that rolls are waited for: a process that writes little has none.
  private static let rollPatience: Duration = .milliseconds(300)
  /// How long a process appends before it is told to close the log.
  private static let closingDelay: Duration = .milliseconds(10)

  /// Waits for it.
  ///
  /// - Parameter most: The appends after which it has come in any case, lest a disk become full
  ///   where something keeps this thread from looking.
  func wait(for child: Child, orAppends most: Int) throws {
    try child.expect("began to open the log") { $0.hasBegun }
    if case .inOpening(let microseconds) = self {
      usleep(UInt32(microseconds))
      return
    }
    try child.expect("had opened the log") { $0.openedEnd != nil }
    switch self {
    case .inOpening: break
    case .amidAppends(let microseconds):
      child.wait(within: .microseconds(microseconds)) { $0.acknowledgedCount > most }
    case .afterRolls(let count, let microseconds):
      child.wait(within: Self.rollPatience) {
        $0.rollCount >= count || $0.acknowledgedCount > most
      }
      usleep(UInt32(microseconds))
    case .inClosing(let microseconds):
      child.wait(within: Self.closingDelay) { $0.acknowledgedCount > most }
      child.closeControl()
      try child.expect("had begun to close the log") { $0.isClosing }
      usleep(UInt32(microseconds))
    }
  }
}
