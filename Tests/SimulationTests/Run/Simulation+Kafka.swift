import VarveTesting

@testable import Varve

// What Kafka makes of the directory.

extension Simulation {
  /// After a crash, before recovery: Kafka starts with it as after an unclean stop, and is told what
  /// the side file says, up to where segments are in their final form.
  ///
  /// It may lose what was only published, and what lies in a spare, which it does not know. It keeps
  /// what is durable, and what it keeps is the beginning of what was appended.
  func checkKafkaAfterCrash() throws {
    // Half a cut is for our own opening to do, before anybody else comes.
    guard history.uncertainCut == nil else { return }
    // Looking at it counts no operation of the disk's, and meets no fault.
    let disk = fileSystem.fork()
    disk.faults = .none
    let side = SideFile.read(in: Self.directory, disk)?.record
    let (sealedBelow, start) = (side?.sealedBelow ?? 0, side?.start ?? 0)
    let model = kafka(disk)
    // A batch's offset lies outside of its checksum. Where a power cut loses the sector that has the
    // one and keeps those that have the rest, Kafka takes the batch for one of offset 0, and then
    // serves that, or empties the segment, or does not start: with files of its own, too.
    if lastCrash == .power, model.hasMisplacedBatch { return coverage.note(.kafkaMisled) }
    let kept: [KafkaLoaderModel.ServedRecord]
    do {
      kept = try model.load(cleanly: false, recoveryPoint: sealedBelow, logStartOffset: start)
        .records()
    } catch {
      guard isKafkaPromisedLittle else {
        throw SimulationFailure("Kafka does not serve what the crash left: \(error)")
      }
      return coverage.note(.kafkaRefused)
    }
    try history.expectKept(
      kept, from: start, recoveryPoint: sealedBelow, mayHaveHoles: isKafkaPromisedLittle)
    coverage.note(.kafkaAfterCrash)
    if sealedBelow > 0 { coverage.note(.kafkaBelievedSegments) }
    if kept.count < history.records.count { coverage.note(.kafkaKeptLess) }
  }

  /// Of a log whose policy is not to sync full segments, a power cut may leave one whose end is lost,
  /// and the one behind it with its name. Kafka, which removes that where it finds it, does not find it
  /// where an index is missing too: it then reads the segments before, which it takes for whole, and
  /// gives up; or cuts the one, and finds it whole when it comes to look. Our own recovery has to come
  /// first, and whoever wants to hand over such a log after a crash seals it.
  private var isKafkaPromisedLittle: Bool {
    lastCrash == .power && !settings.syncPolicy.atRoll
  }

  /// After a clean close: Kafka changes nothing, serves all, and finds it through the indexes, which
  /// it believes.
  func checkKafkaAfterClose() throws {
    let outcome = try kafka(fileSystem).load(cleanly: true, logStartOffset: history.start)
    let first = life?.log.segments[0].baseOffset ?? 0
    let removed = outcome.removed.filter {
      !isNeededByNobody($0) && !mayBeLeft($0, before: first)
    }
    try require(
      outcome.altered.isEmpty && removed.isEmpty,
      "Kafka changed \(outcome.altered) and removed \(removed) of a closed log")
    let added = outcome.added.filter { $0.hasSuffix("index") && !lostIndexes.contains($0) }
    try require(added.isEmpty, "Kafka makes \(added) of a closed log")
    let served = try outcome.records().filter { $0.offset >= history.start }
    try history.expectAll(served.map(\.record))
    try require(
      outcome.logEndOffset == history.end,
      "Kafka ends a closed log at \(outcome.logEndOffset), not \(history.end)")
    try checkLookUps(outcome)
    coverage.note(.kafkaAfterClose)
  }

  /// What is known of producers where a log starts, or before, Kafka removes when it loads the log.
  private func isNeededByNobody(_ name: String) -> Bool {
    guard let file = SegmentFileName(parsing: name) else { return false }
    return file.kind == .producerSnapshot && file.offset <= history.start
  }

  private func checkLookUps(_ outcome: KafkaLoaderModel.Outcome) throws {
    var random = SplitMix(seed: UInt64(history.records.count))
    for _ in 0..<8 where !history.records.isEmpty {
      let number = random.number(below: history.records.count)
      let offset = history.start.advanced(by: number)
      let batch = try outcome.batch(holding: offset)
      try require(
        batch.map { $0.baseOffset <= offset && $0.lastOffset >= offset && $0.isIntact } ?? false,
        "Kafka looks for \(offset), and finds \(batch.map { "\($0)" } ?? "nothing")")
      let time = (history.records[number].timestamp ?? .none).rawValue
      let wanted = Timestamp(milliseconds: time + Int64(random.number(below: 3)) - 1)
      let found = try outcome.first(atOrAfter: wanted)?.offset
      try require(
        found == history.firstOffset(at: wanted) || found == nil && startsWithinSegment(outcome),
        "Kafka looks for \(wanted), and finds \(found.map { "\($0)" } ?? "nothing")")
    }
  }

  /// Then what lies before the log's start may be as late as what is looked for, and Kafka looks no
  /// further than into its segment.
  private func startsWithinSegment(_ outcome: KafkaLoaderModel.Outcome) -> Bool {
    outcome.segments.first.map { $0 < history.start } ?? false
  }

  private func kafka(_ disk: SimulatedFileSystem) -> KafkaLoaderModel {
    var model = KafkaLoaderModel(of: Self.directory, in: disk)
    model.indexIntervalByteCount = settings.indexIntervalByteCount
    return model
  }
}
