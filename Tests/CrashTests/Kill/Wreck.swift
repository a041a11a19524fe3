import Foundation

@testable import Varve

/// A log's directory as a kill has left it, looked at without the engine.
struct Wreck {
  /// Segments with records that do not have their names yet.
  private(set) var unnamedSegmentCount = 0
  /// Whether some batch was half in place.
  private(set) var isTorn = false

  init(_ directory: String) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: directory)
    let listing = DirectoryListing(names)
    let last = listing.bases.last.map { SegmentPath(directory: directory, baseOffset: $0).log }
    let spares = listing.spares.map { directory + "/" + LogFileNames.spare($0) }
    for path in (last.map { [$0] } ?? []) + spares {
      let bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
      let end = Self.wholeByteCount(bytes)
      if path != last, end > 0 { unnamedSegmentCount += 1 }
      if bytes[end...].contains(where: { $0 != 0 }) { isTorn = true }
    }
  }

  /// Where the last batch ends that is whole.
  private static func wholeByteCount(_ bytes: [UInt8]) -> Int {
    var walk = BatchWalk(bytes.span.bytes)
    while true {
      let position = walk.position
      do {
        guard let batch = try walk.next() else { return position }
        try batch.checkIntegrity()
      } catch {
        return position
      }
    }
  }
}
