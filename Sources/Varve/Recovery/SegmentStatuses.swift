internal import VarveSystem

/// What the file system says of the files of segments, which is asked for many at a time.
///
/// Of a hundred thousand segments it is nearly all that opening asks the kernel, and half of the answer's
/// time went into finding the directory once more.
struct SegmentStatuses {
  private let directory: String
  private let fileSystem: any FileSystem
  /// The segments of which nothing was asked yet, ascending.
  private var waiting: ArraySlice<Offset>
  /// Those that were asked for together, and not yet by the caller.
  private var asked: ArraySlice<Offset> = []
  private var found: ArraySlice<FileStatus> = []

  /// - Parameter bases: Of which segments it may be asked, ascending.
  init(_ bases: ArraySlice<Offset>, in directory: String, _ fileSystem: any FileSystem) {
    self.directory = directory
    self.fileSystem = fileSystem
    waiting = bases
  }

  /// What is said of a segment: in few calls for those that come in their order, and for any other by one of
  /// its own.
  mutating func status(of base: Offset) throws(SystemError) -> FileStatus {
    pass(before: base)
    if asked.isEmpty, waiting.first == base { try ask() }
    guard asked.first == base, let status = found.popFirst() else {
      return try fileSystem.status(at: SegmentPath(directory: directory, baseOffset: base).log)
    }
    asked = asked.dropFirst()
    return status
  }

  private mutating func pass(before base: Offset) {
    while let next = asked.first, next < base {
      (asked, found) = (asked.dropFirst(), found.dropFirst())
    }
    guard asked.isEmpty else { return }
    waiting = waiting.drop { $0 < base }
  }

  private mutating func ask() throws(SystemError) {
    asked = waiting.prefix(LogLimits.statusCount)
    waiting = waiting.dropFirst(asked.count)
    let names = asked.map { SegmentFileName($0, .log).description }
    found = try fileSystem.statuses(of: names, in: directory)[...]
  }
}
