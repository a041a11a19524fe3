/// Where the files of a segment lie.
struct SegmentPath: Hashable, Sendable {
  let directory: String
  let baseOffset: Offset

  var log: String { path(.log) }
  var offsetIndex: String { path(.offsetIndex) }
  var timeIndex: String { path(.timeIndex) }
  var transactionIndex: String { path(.transactionIndex) }
  /// What is known of producers before the offset.
  var producerSnapshot: String { path(.producerSnapshot) }

  private func path(_ kind: SegmentFileName.Kind) -> String {
    var path = ""
    // At once: who opens a log asks for as many as there are segments.
    path.reserveCapacity(directory.utf8.count + 1 + SegmentFileName.mostBytes)
    path += directory
    path += "/"
    SegmentFileName(baseOffset, kind).write(to: &path)
    return path
  }

  /// The path of a file that is about to replace another. Its name means nothing to Kafka: it does
  /// not begin with digits, and ends in no suffix of Kafka's.
  static func beside(_ path: String) -> String {
    let slash = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
    return path[..<slash] + LogFileNames.temporaryPrefix + path[slash...] + "-new"
  }
}

/// The names of the files of ours that Kafka does not know, and leaves alone.
enum LogFileNames {
  static let temporaryPrefix = "varve-"
  static let sideFile = "varve.side"
  /// What recovery cut off last.
  static let cutBytes = "varve.cut"
  /// Beside the logs of a store: what is given up when the disk is full.
  static let ballast = "varve.ballast"
  /// Kafka has one of this name in the directory above, and none in that of a log.
  static let lock = ".lock"
  /// Who has the lock.
  static let holder = "varve.holder"
  private static let sparePrefix = "varve-spare."
  /// No log comes to so many: a file of a higher number is somebody else's, and to count on from it would
  /// end the process.
  private static let mostSpares = Int.max / 2

  /// A segment that is being prepared, or filled, and does not have its own name yet.
  static func spare(_ number: Int) -> String { sparePrefix + String(number) }

  /// The number of a spare; nil if the name is not one's.
  static func spareNumber(_ name: String) -> Int? {
    guard name.hasPrefix(sparePrefix), let number = Int(name.dropFirst(sparePrefix.count)),
      // Only as it would have been written: what is found by number is opened by name.
      spare(number) == name, (0...mostSpares).contains(number)
    else { return nil }
    return number
  }

  /// Whether a file is one that replaces another and was left behind before it did.
  static func isTemporary(_ name: String) -> Bool {
    name.hasPrefix(temporaryPrefix) && name.hasSuffix("-new")
  }
}
