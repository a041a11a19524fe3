internal import VarveSystem

/// The small files of a store's directory, by their names.
struct StoreFiles: Sendable {
  let directory: String
  let fileSystem: any FileSystem

  /// Bytes that are read of a checkpoint: a line for each of a million logs.
  private static let checkpointByteCount = 256 << 20
  /// Bytes that are read of the other files, which have a few lines.
  private static let textByteCount = 64 << 10

  func path(_ name: CheckpointName) -> String { directory + "/" + name.rawValue }

  private func file(_ name: CheckpointName) -> SmallFile {
    SmallFile(path: path(name), fileSystem: fileSystem)
  }

  // MARK: Whose it is

  func properties() throws(LogError) -> MetaProperties? {
    guard let bytes = try file(.metaProperties).read(limit: Self.textByteCount) else { return nil }
    return try MetaProperties(parsing: unsafe bytes.span.bytes)
  }

  func write(_ properties: MetaProperties, at time: Timestamp) throws(LogError) {
    try file(.metaProperties).write(properties.encoded(writtenAt: time))
  }

  // MARK: Offsets

  /// What a checkpoint says; nil if there is none.
  func checkpoint(_ name: CheckpointName) throws(LogError) -> OffsetCheckpoint? {
    guard let bytes = try file(name).read(limit: Self.checkpointByteCount) else { return nil }
    return try OffsetCheckpoint(parsing: unsafe bytes.span.bytes)
  }

  func write(_ checkpoint: OffsetCheckpoint, as name: CheckpointName) throws(LogError) {
    try file(name).write(checkpoint.encoded)
  }

  // MARK: The mark of a clean stop

  /// Takes the mark away, and has that on the device before it returns: from then on a crash counts as
  /// one. Whether it was there.
  func takeMarker() throws(LogError) -> Bool {
    let path = path(.cleanShutdown)
    do throws(SystemError) {
      try fileSystem.unlink(path)
    } catch {
      guard error.errno != .noSuchFile else { return false }
      throw LogError(error, "remove \(path)")
    }
    do throws(SystemError) {
      try fileSystem.syncDirectory(directory)
    } catch {
      throw LogError(error, "remove \(path)")
    }
    return true
  }

  func writeMarker() throws(LogError) {
    try file(.cleanShutdown).write(CleanShutdownMarker().encoded)
  }

  // MARK: Names

  /// The names of directories in the store's.
  func directories() throws(SystemError) -> [String] {
    var found: [String] = []
    for name in try fileSystem.list(directory) where try isDirectory(name) { found.append(name) }
    return found
  }

  private func isDirectory(_ name: String) throws(SystemError) -> Bool {
    do throws(SystemError) {
      return try fileSystem.status(at: directory + "/" + name).kind == .directory
    } catch {
      // Somebody has removed it meanwhile: a temporary file, say.
      guard error.errno == .noSuchFile else { throw error }
      return false
    }
  }

  // MARK: Topics

  private func metadata(in directoryName: String) -> SmallFile {
    SmallFile(
      path: "\(directory)/\(directoryName)/" + CheckpointName.partitionMetadata.rawValue,
      fileSystem: fileSystem)
  }

  /// The id of a log's topic, if it says one.
  func topicID(of partition: TopicPartition) throws(LogError) -> UniqueID? {
    let file = metadata(in: partition.description)
    guard let bytes = try file.read(limit: Self.textByteCount) else { return nil }
    return try PartitionMetadata(parsing: unsafe bytes.span.bytes).topicID
  }

  /// Says whose a log's directory is.
  func write(_ topicID: UniqueID, in directoryName: String) throws(LogError) {
    try metadata(in: directoryName).write(PartitionMetadata(topicID: topicID).encoded)
  }
}
