internal import VarveSystem

/// The files about producers and transactions: how they get to the disk, and back.
enum ProducerFiles {
  /// Writes what is known of producers before an offset.
  static func write(
    _ producers: ProducerSnapshot, at offset: Offset, in directory: String, syncs: Bool = true,
    _ fileSystem: any FileSystem
  ) throws(SystemError) {
    let path = SegmentPath(directory: directory, baseOffset: offset).producerSnapshot
    try write(producers.encoded, to: path, syncs: syncs, fileSystem)
  }

  /// Writes the transaction index of a segment, if there is anything to say in one.
  static func write(
    _ aborted: [AbortedTransaction], of path: SegmentPath, syncs: Bool = true,
    in fileSystem: any FileSystem
  ) throws(SystemError) {
    guard !aborted.isEmpty else { return }
    try write(aborted.flatMap(\.encoded), to: path.transactionIndex, syncs: syncs, fileSystem)
  }

  /// Whether the transaction index of a segment is not what it was: it had so many entries, if that is
  /// known. Without it, what was aborted would pass for what counts.
  static func lacksIndex(
    _ path: SegmentPath, of count: Int?, in fileSystem: any FileSystem
  ) throws(SystemError) -> Bool {
    guard let count, count > 0 else { return false }
    do throws(SystemError) {
      let byteCount = try fileSystem.status(at: path.transactionIndex).byteCount
      return byteCount / AbortedTransaction.byteCount != count
    } catch {
      guard error.errno == .noSuchFile else { throw error }
      return true
    }
  }

  private static func write(
    _ bytes: [UInt8], to path: String, syncs: Bool, _ fileSystem: any FileSystem
  ) throws(SystemError) {
    try FileReplacement(of: path, in: fileSystem).replace(syncs ? .bytes : .nothing) {
      file throws(SystemError) in
      try file.write(unsafe bytes.span.bytes, at: 0)
    }
  }

  /// What a snapshot says; nil if there is none.
  ///
  /// - Throws: ``LogError/Code/corrupt`` where it is none of Kafka's,
  ///   ``LogError/Code/unsupported`` where it is of a later version.
  static func snapshot(
    at offset: Offset, in directory: String, _ fileSystem: any FileSystem
  ) throws(LogError) -> ProducerSnapshot? {
    let path = SegmentPath(directory: directory, baseOffset: offset).producerSnapshot
    let file = SmallFile(path: path, fileSystem: fileSystem)
    guard let bytes = try file.read(limit: LogLimits.producerFileByteCount) else { return nil }
    return try ProducerSnapshot(parsing: unsafe bytes.span.bytes)
  }

  /// What a transaction index says; nil if there is none.
  static func aborted(
    of path: SegmentPath, in fileSystem: any FileSystem
  ) throws(LogError) -> [AbortedTransaction]? {
    let file = SmallFile(path: path.transactionIndex, fileSystem: fileSystem)
    guard let bytes = try file.read(limit: LogLimits.producerFileByteCount) else { return nil }
    let index = TransactionIndexView(unsafe bytes.span.bytes)
    try index.validate(baseOffset: path.baseOffset)
    var entries: [AbortedTransaction] = []
    entries.reserveCapacity(index.count)
    for number in 0..<index.count { entries.append(try index[number]) }
    return entries
  }
}
