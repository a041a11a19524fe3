/// What a line of `/proc/<number>/stat` says of a process.
package struct ProcessStatus: Hashable, Sendable {
  /// When it began, in ticks since the kernel booted.
  package var startTicks: UInt64
  /// Whether it has given back what it had, and only waits to be noticed by its parent.
  package var hasEnded: Bool

  /// Reads a line; nil if it is none. The second field is the name of the program in parentheses,
  /// and may hold anything, parentheses and spaces too: the rest stands behind the last one.
  package init?(parsing line: String) {
    guard let end = line.lastIndex(of: ")") else { return nil }
    let fields = line[line.index(after: end)...].split(separator: " ")
    guard fields.count > Self.startField, let ticks = UInt64(fields[Self.startField]) else {
      return nil
    }
    startTicks = ticks
    hasEnded = ["Z", "X", "x"].contains(fields[0])
  }

  /// The 22nd of all, of which the name is the second.
  private static let startField = 22 - 3
}
