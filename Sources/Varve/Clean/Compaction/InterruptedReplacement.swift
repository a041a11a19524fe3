internal import VarveSystem

/// Finishes, or undoes, what compaction was doing when its process ended: by the names of files alone, as
/// Kafka's loader does.
struct InterruptedReplacement {
  let directory: String
  let fileSystem: any FileSystem
  let configuration: LogConfiguration

  init(directory: String, fileSystem: any FileSystem, configuration: LogConfiguration) {
    self.directory = directory
    self.fileSystem = fileSystem
    self.configuration = configuration
  }

  init(of log: Log) {
    self.init(
      directory: log.directory, fileSystem: log.environment.fileSystem,
      configuration: log.configuration)
  }

  /// Returns whether there was anything to do.
  func finish(_ names: [String]) throws(SystemError) -> Bool {
    let names = names.compactMap { SegmentFileName(parsing: $0) }
    let cleaned = names.filter { $0.transition == .cleaned }
    var swaps = names.filter { $0.transition == .swap }
    guard !cleaned.isEmpty || !swaps.isEmpty else { return false }
    if let first = cleaned.map(\.offset).min() {
      for name in swaps where name.offset >= first { try unlink(name) }
      swaps.removeAll { $0.offset >= first }
      // Only once the others are gone for good: without them these would be decided.
      try fileSystem.syncDirectory(directory)
    }
    for name in cleaned { try unlink(name) }
    try complete(swaps, replacing: names.filter { $0.transition == nil })
    try fileSystem.syncDirectory(directory)
    return true
  }

  /// Removes what is left of replacements that were not decided upon. For a process that knows that: of one
  /// which is, the next step would undo it, too.
  func undo(_ names: [String]) throws(SystemError) {
    let names = names.compactMap { SegmentFileName(parsing: $0) }
    let swaps = names.filter { $0.transition == .swap }
    let cleaned = names.filter { $0.transition == .cleaned }
    guard !swaps.isEmpty || !cleaned.isEmpty else { return }
    for name in swaps { try unlink(name) }
    // Without the others beside them, these would be taken for decided.
    try fileSystem.syncDirectory(directory)
    for name in cleaned { try unlink(name) }
  }

  /// Lets segments that had been decided upon take the place of others.
  private func complete(
    _ swaps: [SegmentFileName], replacing names: [SegmentFileName]
  ) throws(SystemError) {
    guard !swaps.isEmpty else { return }
    for swap in swaps where swap.kind == .log {
      let end = try end(of: swap)
      // Once the first of its files has its name, so may others, and whose places they take have gone.
      let isMoving = !swaps.contains(
        SegmentFileName(swap.offset, ReplacementPaths.order[0], transition: .swap))
      for name in names where isReplaced(name, by: swap, end) {
        if isMoving, name.offset == swap.offset { continue }
        try unlink(name)
      }
    }
    try fileSystem.syncDirectory(directory)
    for name in swaps.sorted(by: isFirst) {
      let final = SegmentFileName(name.offset, name.kind)
      try fileSystem.rename(path(name), to: path(final))
    }
  }

  /// The first offset behind a segment.
  private func end(of name: SegmentFileName) throws(SystemError) -> Offset {
    let file = try OpenFile(path(name), .reading, in: fileSystem)
    let byteCount = try file.status().byteCount
    var scan = try SegmentScan(of: name.offset, byteCount: byteCount, configuration)
    try scan.run(through: file, SegmentScan.Bounds(byteCount: byteCount))
    return scan.end.offset
  }

  /// What is known of producers where the segment begins holds still.
  private func isReplaced(
    _ name: SegmentFileName, by swap: SegmentFileName, _ end: Offset
  ) -> Bool {
    guard (swap.offset..<max(swap.offset, end)).contains(name.offset) else { return false }
    return name.kind != .producerSnapshot || name.offset > swap.offset
  }

  /// In the order in which a compaction gives them their names, the log of a segment last: until it has its
  /// own, all is done once more.
  private func isFirst(_ left: SegmentFileName, _ right: SegmentFileName) -> Bool {
    (left.offset, rank(left.kind)) < (right.offset, rank(right.kind))
  }

  private func rank(_ kind: SegmentFileName.Kind) -> Int {
    ReplacementPaths.order.firstIndex(of: kind) ?? 0
  }

  private func path(_ name: SegmentFileName) -> String { directory + "/" + name.description }

  private func unlink(_ name: SegmentFileName) throws(SystemError) {
    try fileSystem.unlinkIfThere(path(name))
  }
}
