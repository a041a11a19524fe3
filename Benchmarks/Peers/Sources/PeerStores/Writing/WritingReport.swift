internal import Glibc

/// What a process that writes has done by now.
package struct WritingReport: Sendable, Hashable {
  /// Records whose appends have returned.
  package let recordCount: Int
  /// What it takes beyond what it took before.
  package let memory: ResidentMemory
}

extension WritingReport {
  private var line: String { "\(recordCount) \(memory.ownByteCount) \(memory.mappedByteCount)\n" }

  init?(line: some StringProtocol) {
    let numbers = line.split(separator: " ").compactMap { Int($0) }
    guard numbers.count == 3 else { return nil }
    recordCount = numbers[0]
    memory = ResidentMemory(ownByteCount: numbers[1], mappedByteCount: numbers[2])
  }

  /// In one piece: whoever reads it finds all of it, or nothing.
  func send() throws {
    let bytes = Array(line.utf8)
    guard write(STDOUT_FILENO, bytes, bytes.count) == bytes.count else {
      throw ProcessError("can't report")
    }
  }
}
