import Varve
import VarveSystem
import VarveTesting

// Closing, and what it leaves.

extension Simulation {
  func close() throws {
    let log = try openIfNeeded()
    try checkLeaders(log)
    try checkProducers(log)
    try inPhase(.closing) { try log.close() }
    guard !fileSystem.isStopped else { return }
    try require(log.durableEnd == log.end, "closed, and not all of it is durable")
    history.becameDurable(before: log.end)
    coverage.note(.closed)
    if settings.syncPolicy == .never { coverage.note(.closedUnsynced) }
    try inspect { try checkFinalForm(log.segments) }
    try checkKafkaAfterClose()
    life?.finish()
    life = nil
    closedAt = fileSystem.mutationCount
    try checkHeld(.slicesHeldOverClose)
  }

  /// After the log is gone, nothing is open any more but what slices hold, which is their file, and
  /// that of the segment if it was opened again; and nothing takes space that has no name.
  func expectNothingOpen() throws {
    try require(life == nil, "the log is still open")
    try require(
      fileSystem.openDescriptorCount <= 2 * held.count,
      "\(fileSystem.openPaths) are open after close, and \(held.count) slices are held")
    try require(fileSystem.mappingCount == 0, "\(fileSystem.mappingCount) mappings after close")
    try require(
      !held.isEmpty || fileSystem.unnamedByteCount == 0,
      "\(fileSystem.unnamedByteCount) bytes are taken by files that have no name")
  }

  /// Opens and closes the closed log: nothing changes.
  func repeatClose() throws {
    try expectNothingOpen()
    let before = try snapshot()
    journal.append("  opened and closed once more")
    try openIfNeeded()
    guard !fileSystem.isStopped else { return }
    try close()
    guard !fileSystem.isStopped else { return }
    try expectNothingOpen()
    try expectSame(before, try snapshot())
  }

  /// A closed log's directory holds what Kafka knows, in its final form, and the side file.
  private func checkFinalForm(_ segments: [Segment]) throws {
    var names: Set = ["varve.side"]
    for segment in segments {
      let stem = SegmentStem(segment.baseOffset)
      names.formUnion(stem.names)
      if segment.baseOffset > history.origin { names.insert(stem.snapshot) }
      if try checkTransactionIndex(stem, segment) { names.insert(stem.transactionIndex) }
      let bytes = try contents(of: stem.log)
      try require(
        bytes.count == segment.byteCount,
        "\(stem.log) has \(bytes.count) bytes, its batches \(segment.byteCount)")
      try checkIndexes(of: stem, segment.baseOffset, bytes)
    }
    if history.end > history.origin { names.insert(SegmentStem(history.end).snapshot) }
    // What recovery cut off is kept for people to look at.
    var found = Set(try fileSystem.list(Self.directory)).subtracting(["varve.cut"])
    // Leaders that have left nothing may have left the file.
    let epochs = "leader-epoch-checkpoint"
    if !leaders.starts(from: history.start).isEmpty || found.contains(epochs) {
      names.insert(epochs)
    }
    found.formUnion(lostIndexes)
    // A log that is empty may say so of its producers, too.
    names.formUnion(found.intersection([SegmentStem(history.origin).snapshot]))
    found = found.filter { !mayBeLeft($0, before: segments[0].baseOffset) }
    // Where these could not be removed, they mean nothing.
    if isDiskFailing { found.subtract([".lock", "varve.holder"]) }
    try require(
      found == names,
      "closed, and there are \(found.subtracting(names).sorted()), and not "
        + "\(names.subtracting(found).sorted())")
  }

  private func checkIndexes(of stem: SegmentStem, _ base: Offset, _ bytes: [UInt8]) throws {
    let indexes = try KafkaIndexes(
      of: bytes, baseOffset: base, interval: settings.indexIntervalByteCount)
    try checkIndex(stem.offsetIndex, indexes.offsets)
    try checkIndex(stem.timeIndex, indexes.times)
  }

  private func checkIndex(_ name: String, _ bytes: [UInt8]) throws {
    guard try !lostIndexes.contains(name) || fileSystem.list(Self.directory).contains(name) else {
      return
    }
    try require(try contents(of: name) == bytes, "\(name) is wrong")
  }

  /// What is closed is closed for good: of that, a power cut takes nothing from Kafka.
  func checkClosed() throws {
    guard wasClosed else { return }
    try checkKafkaAfterClose()
    let names = try fileSystem.list(Self.directory)
    for name in names where name.hasSuffix(".log") {
      let base = Offset(rawValue: Int64(name.dropLast(4)) ?? 0)
      try checkIndexes(of: SegmentStem(base), base, try contents(of: name))
    }
    let spares = names.filter { $0.hasPrefix("varve-spare") }
    try require(spares.isEmpty, "\(spares) are back in a closed log")
  }

  /// Takes away what Kafka and the log can do without, for good.
  func loseIndexes() throws {
    try expectNothingOpen()
    let stem = SegmentStem(0)
    let names = [stem.offsetIndex, stem.timeIndex]
    let hook = fileSystem.onOperation
    fileSystem.onOperation = nil
    defer { fileSystem.onOperation = hook }
    for name in names { try fileSystem.unlink(Self.directory + "/" + name) }
    try fileSystem.syncDirectory(Self.directory)
    lostIndexes.formUnion(names)
  }
}

// MARK: What lies in the directory

extension Simulation {
  /// Looks at the disk, which does not fail for that.
  func inspect<Result>(_ body: () throws -> Result) rethrows -> Result {
    let faults = fileSystem.faults
    fileSystem.faults = .none
    defer { fileSystem.faults = faults }
    return try body()
  }

  /// All files with all their bytes.
  func snapshot() throws -> [String: [UInt8]] {
    try inspect {
      var files: [String: [UInt8]] = [:]
      for name in try fileSystem.list(Self.directory) { files[name] = try contents(of: name) }
      return files
    }
  }

  /// The side file counts openings, a lock's holder is each time another process, and an opening removes
  /// segments that came to lie before the log's start when they were full; all else is the same.
  func expectSame(_ before: [String: [UInt8]], _ after: [String: [UInt8]]) throws {
    var names = Set(before.keys).union(after.keys).subtracting(["varve.side", "varve.holder"])
    if isDiskFailing { names.subtract([".lock", "leader-epoch-checkpoint"]) }
    for name in names.sorted() where !isBeforeSegments(name) {
      try require(
        before[name] == after[name],
        "\(name) changed from \(before[name]?.count ?? -1) to \(after[name]?.count ?? -1) bytes "
          + "though nothing was done")
    }
  }

  /// Whether a file may be that of a segment that was deleted, and could not be removed.
  func mayBeLeft(_ name: String, before first: Offset) -> Bool {
    guard life?.mayHaveLeftFiles == true, let file = SegmentFileName(parsing: name) else {
      return false
    }
    return file.offset < first
  }

  private func isBeforeSegments(_ name: String) -> Bool {
    SegmentFileName(parsing: name).map { $0.offset < producers.recalledFrom } ?? false
  }

  func contents(of name: String) throws -> [UInt8] {
    let file: OpenFile
    do {
      file = try OpenFile(Self.directory + "/" + name, .reading, in: fileSystem)
    } catch {
      throw SimulationFailure("\(name) cannot be opened: \(error)")
    }
    let byteCount = try file.status().byteCount
    var failure: SystemError?
    let bytes = [UInt8](unsafeUninitializedCapacity: byteCount) { memory, filled in
      do throws(SystemError) {
        filled = try file.read(into: UnsafeMutableRawBufferPointer(memory), at: 0)
      } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }
}
