internal import VarveSystem

/// The index files of a segment: how they get to the disk, and back.
enum IndexFiles {
  /// Writes both files whole, under their names, and syncs them unless that is left for later. Until
  /// the last step there are the old ones: a reader in another process, or one after a crash, sees
  /// either.
  static func write(
    _ index: IndexMemory, of path: SegmentPath, syncs: Bool = true, in fileSystem: any FileSystem
  ) throws(SystemError) {
    let syncs: FileReplacement.Syncs = syncs ? .bytes : .nothing
    try FileReplacement(of: path.offsetIndex, in: fileSystem).replace(syncs) {
      file throws(SystemError) in
      try file.write(index.offsetBytes, at: 0)
    }
    try FileReplacement(of: path.timeIndex, in: fileSystem).replace(syncs) {
      file throws(SystemError) in
      try file.write(index.timeBytes, at: 0)
    }
  }

  /// What both files say; nil where one is missing or does not hold whole, ordered entries of this
  /// segment: zeros at the end are what a crash leaves of a preallocated one.
  static func read(
    _ path: SegmentPath, end: SegmentEnd, limits: IndexLimits, in fileSystem: any FileSystem
  ) throws(SystemError) -> IndexMemory? {
    guard let offsets = try openIfPresent(path.offsetIndex, in: fileSystem),
      let times = try openIfPresent(path.timeIndex, in: fileSystem)
    else { return nil }
    let index = try IndexMemory(
      baseOffset: path.baseOffset,
      limits: IndexLimits(
        offsetEntries: try offsets.status().byteCount / OffsetIndexEntry.byteCount,
        timeEntries: try times.status().byteCount / TimeIndexEntry.byteCount
      )
      .atLeast(limits))
    return try index.load(offsets: offsets, times: times, end: end) ? index : nil
  }

  private static func openIfPresent(
    _ path: String, in fileSystem: any FileSystem
  ) throws(SystemError) -> OpenFile? {
    do throws(SystemError) {
      return try OpenFile(path, .reading, in: fileSystem)
    } catch {
      if error.errno == .noSuchFile { return nil }
      throw error
    }
  }
}

extension IndexLimits {
  /// Files may come from Kafka, with limits of its own. No segment has more entries than bytes.
  fileprivate func atLeast(_ other: IndexLimits) -> IndexLimits {
    let most = LogLimits.maximumIndexEntryCount
    return IndexLimits(
      offsetEntries: max(min(offsetEntries, most), other.offsetEntries),
      timeEntries: max(min(timeEntries, most), other.timeEntries))
  }
}

/// Where a segment ends.
struct SegmentEnd: Hashable, Sendable {
  /// The first offset behind it.
  var offset: Offset
  /// Its bytes.
  var position: Int
}
