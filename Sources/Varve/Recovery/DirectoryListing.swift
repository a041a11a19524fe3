internal import VarveSystem

/// What lies in a log's directory, by name.
///
/// A listing is made piece by piece. Of names that another process gives meanwhile it may have a
/// later one without an earlier one: a second listing has all that lies before what the first one
/// has.
struct DirectoryListing: Hashable, Sendable {
  /// The base offsets of segments, ascending.
  private(set) var bases: [Offset] = []
  /// The numbers of spares, ascending.
  private(set) var spares: [Int] = []
  /// Files that were about to replace others and did not come to it.
  private(set) var temporaries: [String] = []

  init(_ names: [String]) {
    for name in names {
      if let number = LogFileNames.spareNumber(name) {
        spares.append(number)
      } else if LogFileNames.isTemporary(name) {
        temporaries.append(name)
      } else if let file = SegmentFileName(parsing: name), file.kind == .log,
        file.transition == nil
      {
        bases.append(file.offset)
      }
    }
    bases.sort()
    spares.sort()
  }
}
