/// Whether bytes of a file lie in memory, by what the kernel says of them: a function of facts.
package enum Residency {
  /// What came of reading bytes as far as they are in memory.
  package enum Reading: Hashable, Sendable {
    case all, notAll
    /// The file system cannot tell, or something is wrong.
    case refused
  }

  /// How many of so many pages are in memory.
  package struct Pages: Hashable, Sendable {
    package var count: Int
    package var cached: Int
    package var dirty = 0
    package var writeback = 0

    package init(count: Int, cached: Int, dirty: Int = 0, writeback: Int = 0) {
      (self.count, self.cached) = (count, cached)
      (self.dirty, self.writeback) = (dirty, writeback)
    }

    /// What was appended lately, and is read most, is known to be whole by that. Each of the two for itself: a
    /// page may be both.
    var areWhole: Bool { max(dirty, writeback) >= count }
    /// Pages that are being read count as there.
    var areAllCached: Bool { cached >= count }
  }

  /// Where nothing is said for bytes to be there, they are not: who takes that for granted waits for a device. Only
  /// what is needed is asked for.
  ///
  /// - Parameters:
  ///   - pages: Nil where the kernel does not count.
  ///   - hasNoDevice: Whether all of the file system lies in memory.
  package static func isThere(
    _ reading: Reading, pages: @autoclosure () -> Pages?, hasNoDevice: @autoclosure () -> Bool
  ) -> Bool {
    switch reading {
    case .all: true
    case .notAll: false
    case .refused: pages()?.areAllCached ?? hasNoDevice()
    }
  }
}
