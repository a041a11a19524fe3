internal import VarveSystem

/// What the holder of a lock says of itself, in words and lines: the kernel does not say whose the
/// lock of an open file is.
struct HolderNote: Hashable, Sendable {
  var process: ProcessIdentity
  var lockedAt: Timestamp
  var library = HolderNote.ownLibrary

  static let ownLibrary = "varve"
}

extension HolderNote {
  /// The note as it is written.
  var text: String {
    """
    library \(library)
    process \(process.number)
    started \(process.startTicks)
    host \(process.hostName)
    boot \(String(process.bootID.rawValue, radix: 16))
    locked \(lockedAt.rawValue)

    """
  }

  /// Reads a note; nil if it is none. Of words that are said twice the first one holds: the end of
  /// an older and longer note may follow where this one is just being written.
  init?(parsing text: String) {
    var words: [Substring: Substring] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, words[parts[0]] == nil else { continue }
      words[parts[0]] = parts[1]
    }
    guard let number = words["process"].flatMap({ Int32($0) }), number > 0,
      let start = words["started"].flatMap({ UInt64($0) }),
      let boot = words["boot"].flatMap({ UInt128($0, radix: 16) }),
      let locked = words["locked"].flatMap({ Int64($0) }),
      let host = words["host"], let library = words["library"]
    else { return nil }
    process = ProcessIdentity(
      number: number, startTicks: start, hostName: String(host), bootID: BootID(rawValue: boot))
    lockedAt = Timestamp(milliseconds: locked)
    self.library = String(library)
  }
}
