internal import VarveFormat

/// A directory while Kafka loads it.
struct KafkaLoading {
  typealias Failure = KafkaLoaderModel.Failure
  typealias Action = KafkaLoaderModel.Action
  typealias Reason = KafkaLoaderModel.Reason

  let model: KafkaLoaderModel
  let isClean: Bool
  let recoveryPoint: Offset
  /// As the checkpoint has it.
  let logStartOffset: Offset

  private(set) var files: [String: [UInt8]]
  /// The bases of the segments that are loaded, ascending.
  var segments: [Offset] = []
  private(set) var epochs = KafkaEpochs()
  private(set) var actions: [Action] = []

  init(
    _ model: KafkaLoaderModel, isClean: Bool, recoveryPoint: Offset, logStartOffset: Offset
  ) {
    self.model = model
    self.isClean = isClean
    self.recoveryPoint = recoveryPoint
    self.logStartOffset = logStartOffset
    files = model.files
  }

  mutating func run() throws(Failure) -> KafkaLoaderModel.Outcome {
    try checkNames()
    try readEpochs()
    removeLeftovers()
    try finishReplacements()
    try loadSegments()
    if !isClean { try recoverUnflushed() }
    let end = try settleEnd()
    updateEpochs { $0.truncate(fromEnd: end) }
    let start = max(logStartOffset, segments.first ?? logStartOffset)
    updateEpochs { [logStartOffset] in $0.truncate(fromStart: logStartOffset) }
    removeStraySnapshots()
    try rebuildProducers(from: start, to: end)
    return KafkaLoaderModel.Outcome(
      model: model, files: files, segments: segments, leaderEpochs: epochs.entries,
      logStartOffset: start, logEndOffset: end,
      recoveryPoint: isClean && !hasNewSegment ? end : min(recoveryPoint, end), actions: actions)
  }

  /// Whether there was no segment, or none that Kafka kept.
  private var hasNewSegment: Bool {
    actions.contains { if case .createdSegment = $0 { true } else { false } }
  }
}

// MARK: Files

extension KafkaLoading {
  /// Kafka's suffixes for files that have an offset in front.
  private static let suffixes =
    [".cleaned", ".swap"] + SegmentFileName.Kind.allCases.map { "." + $0.rawValue }

  private func checkNames() throws(Failure) {
    for name in files.keys.sorted() where Self.suffixes.contains(where: name.hasSuffix) {
      guard let digits = name.split(separator: ".", omittingEmptySubsequences: false).first,
        SegmentFileName(parsing: digits + ".log") != nil
      else { throw .unreadableName(name) }
    }
  }

  func name(_ base: Offset, _ kind: SegmentFileName.Kind) -> String {
    SegmentFileName(base, kind).description
  }

  /// The offset in front of a name, if Kafka finds one there.
  static func offset(of name: String) -> Offset? {
    guard let dot = name.firstIndex(of: ".") else { return nil }
    return Int64(name[..<dot]).map(Offset.init(rawValue:))
  }

  mutating func note(_ action: Action) { actions.append(action) }

  mutating func remove(_ name: String, _ reason: Reason) {
    guard files.removeValue(forKey: name) != nil else { return }
    note(.removed(name, reason))
  }

  /// Removes a file as part of something that is noted as a whole.
  mutating func removeQuietly(_ name: String) { files[name] = nil }

  mutating func rename(_ name: String, to newName: String) {
    files[newName] = files.removeValue(forKey: name)
    note(.renamed(name, to: newName))
  }

  /// Gives a file its bytes, and notes what that changed.
  mutating func write(_ name: String, _ bytes: [UInt8]) {
    let old = files.updateValue(bytes, forKey: name)
    if old == nil { note(.created(name)) } else if old != bytes { note(.rewrote(name)) }
  }

  /// Cuts a log to its first bytes.
  mutating func cut(_ base: Offset, to byteCount: Int) {
    let name = name(base, .log)
    let old = files[name]?.count ?? 0
    guard byteCount < old else { return }
    files[name]?.removeLast(old - byteCount)
    note(.cut(segment: base, from: old, to: byteCount))
  }

  func segment(_ base: Offset, suffix: String = "") -> KafkaSegment {
    KafkaSegment(base, in: files, modified: model.modified, suffix: suffix)
  }

  func nextOffset(_ base: Offset, suffix: String = "") throws(Failure) -> Offset {
    do {
      return try segment(base, suffix: suffix).nextOffset
    } catch {
      throw .corruptBatch(file: name(base, .log) + suffix, position: error.position)
    }
  }
}

extension KafkaSegment {
  init(
    _ base: Offset, in files: [String: [UInt8]], modified: [String: Timestamp], suffix: String = ""
  ) {
    func bytes(_ kind: SegmentFileName.Kind) -> [UInt8] {
      files[SegmentFileName(base, kind).description + suffix] ?? []
    }
    self.init(
      baseOffset: base, log: bytes(.log), offsetIndex: bytes(.offsetIndex),
      timeIndex: bytes(.timeIndex),
      modified: modified[SegmentFileName(base, .log).description + suffix]
        ?? Timestamp(rawValue: .max))
  }
}

// MARK: Leader epochs

extension KafkaLoading {
  private mutating func readEpochs() throws(Failure) {
    guard let bytes = files[KafkaEpochs.fileName] else {
      // It is there from the first start on, if only empty.
      return write(KafkaEpochs.fileName, [])
    }
    epochs = try KafkaEpochs(parsing: bytes)
  }

  /// Changes what is known of epochs, and writes the checkpoint if that changed something.
  mutating func updateEpochs(_ body: (inout KafkaEpochs) -> Bool) {
    if body(&epochs) { write(KafkaEpochs.fileName, epochs.text) }
  }
}
