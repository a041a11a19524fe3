import Foundation

/// What went wrong, for a person to read.
struct DemoError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

func heading(_ text: String) { print("\n\(text)") }
func say(_ text: String) { print("  " + text) }

func seconds(_ duration: Duration) -> Double {
  let (whole, rest) = duration.components
  return Double(whole) + Double(rest) / 1e18
}

func milliseconds(_ duration: Duration) -> String {
  (seconds(duration) * 1000).formatted(.number.precision(.fractionLength(1))) + " ms"
}

func bytes(_ count: Int) -> String {
  let units = ["B", "KiB", "MiB", "GiB", "TiB"]
  var (value, unit) = (Double(count), 0)
  while value >= 1024, unit < units.count - 1 {
    value /= 1024
    unit += 1
  }
  return value.formatted(.number.precision(.fractionLength(value < 10 && unit > 0 ? 1 : 0)))
    + " " + units[unit]
}

/// Runs what may wait for a device on a thread of its own, not on the pool's.
func onThread<Value: Sendable>(
  _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    Thread { continuation.resume(with: Result { try body() }) }.start()
  }
}

/// A line that is written over again on a terminal, and left out elsewhere.
struct ProgressLine {
  private let isTerminal = isatty(STDOUT_FILENO) == 1
  private var shown = Duration.zero

  mutating func show(_ appended: Demo.Appended, of whole: Duration, segments: Int) {
    guard isTerminal, appended.elapsed - shown > .milliseconds(50) else { return }
    shown = appended.elapsed
    let share = min(1, seconds(appended.elapsed) / seconds(whole))
    let width = 32
    let full = Int(share * Double(width))
    let bar = String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
    let rate = Int(Double(appended.recordCount) / seconds(appended.elapsed))
    write(
      "\r  \(bar) \(appended.recordCount.formatted()) records, \(rate.formatted())/s, "
        + "\(segments) segments ")
  }

  func end() {
    guard isTerminal else { return }
    write("\r" + String(repeating: " ", count: 100) + "\r")
  }

  /// At once: a line without an end would stay in the buffer.
  private func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
}

/// Says across threads that something has happened.
final class Flag: Sendable {
  private let lock = NSLock()
  // SAFETY: reached under the lock alone.
  private nonisolated(unsafe) var value = false

  func set() { lock.withLock { value = true } }
  var isSet: Bool { lock.withLock { value } }
}

enum Finish {
  /// Set before the last append.
  static let isNear = Flag()
}
