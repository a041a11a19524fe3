import Foundation
import VarveSystem

@testable import crash_child

/// A process that was started to be killed, and what it tells.
///
/// Nothing waits for it for ever: a child that hangs fails its test, and is killed by its number.
final class Child: Sendable {
  enum Ending: Hashable, Sendable {
    case killed(signal: Int32)
    case exited(status: Int32)
  }

  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  /// More than any machine needs; a device may be slow.
  static let patience: Duration = .seconds(60)

  let pid: pid_t
  private let reports: ReportReader
  private let control: Lock<Int32?>
  private let ending = Lock<Ending?>(nil)

  init(_ assignment: Assignment) throws {
    let (reportsFrom, reportsTo) = try Spawning.pipe()
    let (controlFrom, controlTo) = try Spawning.pipe()
    defer {
      close(reportsTo)
      close(controlFrom)
    }
    reports = ReportReader(descriptor: reportsFrom)
    control = Lock(controlTo)
    pid = try Spawning.start(
      assignment.arguments,
      descriptors: [
        (reportsTo, ReportPipe.usualDescriptor), (controlFrom, Control.usualDescriptor),
      ])
    try reports.start()
  }

  convenience init(_ appending: Appending) throws { try self.init(.append(appending)) }
  convenience init(_ following: Following) throws { try self.init(.follow(following)) }

  deinit {
    closeControl()
    if !isOver { kill() }
    _ = try? waitForEnd()
  }

  // MARK: Listening

  /// Asks what has been told by now.
  func ask<Value>(_ body: (borrowing Heard) -> Value) -> Value { reports.ask(body) }

  /// Waits until what was told is enough; false if the child ends before, or the time is over.
  @discardableResult
  func wait(
    within time: Duration = patience, until isEnough: (borrowing Heard) -> Bool
  ) -> Bool {
    poll(within: time) { ask(isEnough) ? true : reports.isAtEnd ? false : nil } ?? false
  }

  /// The same, where less is a failure of the child.
  func expect(_ what: String, _ isEnough: (borrowing Heard) -> Bool) throws {
    guard !wait(until: isEnough) else { return }
    // A child that has ended is no child that hangs.
    let fate = reports.isAtEnd ? "ended, \(try waitForEnd())," : "said nothing for \(Self.patience)"
    throw Problem(description: "child \(pid) \(fate) before it \(what)")
  }

  // MARK: Ending

  /// Whether it has a file mapped that lies in a directory. One that has ended has not.
  func hasMapped(fileIn directory: String) -> Bool {
    let maps = try? String(contentsOfFile: "/proc/\(pid)/maps", encoding: .utf8)
    return maps?.contains(directory) == true
  }

  /// Sends SIGKILL to a child that is there.
  func kill() {
    ending.withLock { ending in
      // Once it has been waited for, its number may be another's.
      if ending == nil { _ = Foundation.kill(pid, SIGKILL) }
    }
  }

  /// Tells it to end.
  func closeControl() {
    let open = control.withLock { $0.take() }
    if let open { close(open) }
  }

  /// Waits until the process is gone, and all that it told has been heard.
  func waitForEnd() throws -> Ending {
    let found = poll(within: Self.patience) { isOver && reports.isAtEnd ? true : nil }
    guard found == true, let ending = ending.withLock({ $0 }) else {
      throw Problem(description: "child \(pid) does not end")
    }
    return ending
  }

  private var isOver: Bool {
    ending.withLock { ending in
      guard ending == nil else { return true }
      var status: Int32 = 0
      guard waitpid(pid, &status, WNOHANG) == pid else { return false }
      let signal = status & 0x7f
      ending = signal == 0 ? .exited(status: status >> 8 & 0xff) : .killed(signal: signal)
      return true
    }
  }

  private func poll(within time: Duration, _ look: () -> Bool?) -> Bool? {
    let end = ContinuousClock.now + time
    repeat {
      if let found = look() { return found }
      usleep(200)
    } while ContinuousClock.now < end
    return nil
  }
}
