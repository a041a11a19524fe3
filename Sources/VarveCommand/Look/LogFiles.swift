internal import Varve
internal import VarveSystem

/// The files of a log's directory, by what they are.
struct LogFiles: Sendable {
  struct Segment: Hashable, Sendable {
    let base: Offset
    let byteCount: Int
    let modified: Timestamp
  }

  let directory: String
  let names: [String]
  /// Oldest first.
  let segments: [Segment]

  init(_ directory: String, _ look: Look) throws(CommandError) {
    self.directory = directory
    names = try look.names(directory)
    var segments: [Segment] = []
    for name in names {
      guard let file = SegmentFileName(parsing: name), file.kind == .log, file.transition == nil,
        // It may have gone meanwhile.
        let status = try? look.fileSystem.status(at: directory + "/" + name)
      else { continue }
      segments.append(
        Segment(
          base: file.offset, byteCount: status.byteCount,
          modified: Timestamp(milliseconds: status.modified / 1_000_000)))
    }
    self.segments = segments.sorted { $0.base < $1.base }
  }

  var byteCount: Int { segments.reduce(0) { $0 + $1.byteCount } }

  func path(_ base: Offset, _ kind: SegmentFileName.Kind) -> String {
    directory + "/" + SegmentFileName(base, kind).description
  }

  /// The offsets of files of a kind.
  func offsets(_ kind: SegmentFileName.Kind) -> [Offset] {
    names.compactMap { SegmentFileName(parsing: $0) }
      .filter { $0.kind == kind && $0.transition == nil }.map(\.offset).sorted()
  }
}
