internal import Varve
internal import VarveSystem

/// Looks at all of a log: each batch's checksum and place, records, indexes, snapshots, small files.
///
/// It goes by the files alone, so that it says what any reader of them would find.
struct LogVerification {
  /// How much there was to look at.
  struct Count: Sendable {
    var segments = 0
    var batches = 0
    var records = 0
    var bytes = 0
    /// Messages of before format 2, which are looked at no further.
    var messages = 0
    var start: Offset?
    var end: Offset = 0
  }

  private let files: LogFiles
  private let look: Look
  /// Whether somebody may be writing it just now.
  private let isLive: Bool
  private let looksInside: Bool
  /// Told of bytes that have been looked at.
  private let progress: (Int) -> Void

  private(set) var findings: [Finding] = []
  private(set) var count = Count()
  private var chain = BatchChain(from: 0, continuity: .gapsAllowed)

  init(
    _ files: LogFiles, _ look: Look, isLive: Bool, looksInside: Bool,
    progress: @escaping (Int) -> Void
  ) {
    self.files = files
    self.look = look
    self.isLive = isLive
    self.looksInside = looksInside
    self.progress = progress
  }

  private var name: String { files.directory.lastPart }

  private mutating func report(
    _ severity: Finding.Severity, _ file: String, _ message: String, position: Int? = nil,
    offset: Offset? = nil
  ) {
    findings.append(
      Finding(
        severity: severity, file: "\(name)/\(file)", position: position, offset: offset,
        message: message))
  }

  mutating func run() throws(CommandError) {
    count.segments = files.segments.count
    count.start = files.segments.first?.base
    if files.segments.isEmpty { report(.error, "", "there is no segment") }
    for (index, segment) in files.segments.enumerated() {
      try verify(segment, isLast: index == files.segments.count - 1)
    }
    count.end = chain.nextOffset
    try verifySnapshots()
    try verifyTexts()
    verifyNames()
  }

  // MARK: Segments

  private mutating func verify(_ segment: LogFiles.Segment, isLast: Bool) throws(CommandError) {
    let file = SegmentFileName(segment.base, .log).description
    if segment.base < chain.nextOffset {
      report(
        .error, file,
        "it begins at \(segment.base), before \(chain.nextOffset), where the one before ends")
    }
    if chain.nextOffset < segment.base {
      chain = BatchChain(
        from: segment.base, leaderEpoch: chain.leaderEpoch, continuity: .gapsAllowed)
    }
    var facts = SegmentFacts(base: segment.base)
    var walk: SegmentWalk
    do throws(CommandError) {
      walk = try SegmentWalk(files.path(segment.base, .log), look)
    } catch {
      // Retention may have taken it meanwhile.
      guard isLive else { throw error }
      return
    }
    while let (piece, position) = try walk.next() {
      progress(walk.position - position)
      guard take(piece, at: position, file, &facts, isLast: isLast) else {
        guard try goOn(&walk, behind: position, file, &facts) else { break }
        continue
      }
    }
    count.bytes += walk.position
    try verifyIndexes(of: facts, isLast: isLast)
  }

  /// Looks at a piece; false where the walk cannot go on behind it.
  private mutating func take(
    _ piece: SegmentWalk.Piece, at position: Int, _ file: String, _ facts: inout SegmentFacts,
    isLast: Bool
  ) -> Bool {
    switch piece {
    case .batch(let header, let bytes):
      take(header, bytes, at: position, file, &facts)
      return true
    case .message:
      count.messages += 1
      facts.isWhole = false
      return true
    case .zeros(let byteCount):
      report(
        isLast ? .warning : .error, file,
        isLast
          ? "\(byteCount) bytes are allocated ahead: the log was not closed"
          : "it ends in \(byteCount) zeros, and another segment follows", position: position,
        offset: chain.nextOffset)
      return false
    case .torn(let byteCount):
      facts.isWhole = isLast
      report(
        isLast ? .warning : .error, file,
        isLast
          ? "\(byteCount) bytes at the end are no whole batch, as a crash leaves them: opening cuts them"
          : "\(byteCount) bytes at the end are no whole batch, and another segment follows",
        position: position, offset: chain.nextOffset)
      return false
    case .broken(let error):
      facts.isWhole = false
      report(.error, file, error.message, position: position, offset: chain.nextOffset)
      return false
    }
  }

  private mutating func take(
    _ header: BatchHeader, _ bytes: [UInt8], at position: Int, _ file: String,
    _ facts: inout SegmentFacts
  ) {
    count.batches += 1
    count.records += Int(header.recordCount)
    facts.batches.append(
      SegmentFacts.Batch(
        position: position, first: header.baseOffset, last: header.lastOffset,
        maxTimestamp: header.maxTimestamp))
    do throws(LogError) {
      let batch = try RecordBatch(validating: bytes, as: .log)
      if looksInside, header.codec.isBuiltIn { _ = try batch.records() }
    } catch {
      report(.error, file, error.message, position: position, offset: header.baseOffset)
    }
    do throws(LogError) {
      try chain.append(header)
    } catch {
      facts.isWhole = false
      report(.error, file, error.message, position: position, offset: header.baseOffset)
    }
  }

  /// Behind what is no batch, looks for the next one, so that all that is wrong is said at once.
  private mutating func goOn(
    _ walk: inout SegmentWalk, behind position: Int, _ file: String, _ facts: inout SegmentFacts
  ) throws(CommandError) -> Bool {
    guard let next = try walk.resume(after: position, from: chain.nextOffset) else { return false }
    report(
      .error, file, "\(next - position) bytes are lost, and a batch follows", position: position,
      offset: chain.nextOffset)
    facts.isWhole = false
    walk.move(to: next)
    return true
  }

  // MARK: What belongs to them

  private mutating func verifyIndexes(
    of facts: SegmentFacts, isLast: Bool
  ) throws(CommandError) {
    for kind in [SegmentFileName.Kind.offsetIndex, .timeIndex] {
      let file = SegmentFileName(facts.base, kind).description
      guard let bytes = try look.bytesIfThere(files.path(facts.base, kind)) else {
        // The one that is written has its indexes in memory.
        if !isLast { report(.warning, file, "it is missing, and is made again when it is needed") }
        continue
      }
      // Kafka has those of the segment that it writes filled up with zeros.
      if isLast, !bytes.isEmpty, bytes.suffix(8).allSatisfy({ $0 == 0 }) {
        report(.warning, file, "it ends in zeros: the log was not closed")
        continue
      }
      let fault =
        kind == .offsetIndex
        ? facts.fault(inOffsetIndex: bytes)
        : facts.fault(inTimeIndex: bytes, isSealed: !isLast)
      if let fault { report(isLast && isLive ? .warning : .error, file, fault) }
    }
    let file = SegmentFileName(facts.base, .transactionIndex).description
    guard let bytes = try look.bytesIfThere(files.path(facts.base, .transactionIndex)) else {
      return
    }
    do throws(LogError) {
      try Self.validate(bytes, facts.base)
    } catch {
      report(.error, file, error.message)
    }
  }

  private static func validate(_ bytes: [UInt8], _ base: Offset) throws(LogError) {
    try TransactionIndexView(bytes.span.bytes).validate(baseOffset: base)
  }

  private mutating func verifySnapshots() throws(CommandError) {
    for offset in files.offsets(.producerSnapshot) {
      let file = SegmentFileName(offset, .producerSnapshot).description
      guard let bytes = try look.bytesIfThere(files.path(offset, .producerSnapshot)) else {
        continue
      }
      do throws(LogError) {
        _ = try ProducerSnapshot(parsing: bytes.span.bytes)
      } catch {
        report(.error, file, error.message)
      }
    }
  }

  private mutating func verifyTexts() throws(CommandError) {
    for name in [CheckpointName.leaderEpochs, .partitionMetadata] {
      guard let bytes = try look.bytesIfThere(files.directory + "/" + name.rawValue) else {
        continue
      }
      do throws(LogError) {
        if name == .leaderEpochs {
          _ = try LeaderEpochCheckpoint(parsing: bytes.span.bytes)
        } else {
          _ = try PartitionMetadata(parsing: bytes.span.bytes)
        }
      } catch {
        report(.error, name.rawValue, error.message)
      }
    }
  }

  /// What is about to replace, or to go, and did not come to it.
  private mutating func verifyNames() {
    for name in files.names {
      guard let transition = SegmentFileName(parsing: name)?.transition else { continue }
      report(.warning, name, "it is \(transition.rawValue), and opening finishes or undoes that")
    }
  }
}
