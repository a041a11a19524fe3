internal import Varve
internal import VarveSystem

/// Shows a file that is no segment: an index, a snapshot, a checkpoint.
struct SmallFileDump {
  private let path: String
  private let limit: Int
  private let isJSON: Bool

  init(_ path: String, limit: Int, isJSON: Bool) {
    self.path = path
    self.limit = limit
    self.isJSON = isJSON
  }

  func run(in shell: Shell) throws(CommandError) -> ExitCode {
    let bytes = try Look(shell).bytes(path)
    do throws(LogError) {
      for row in try rows(bytes).prefix(limit) {
        guard !shell.out.isBroken else { break }
        shell.print(
          isJSON
            ? JSON.object(row).text
            : row.map { "\($0.0) \(Self.plain($0.1))" }.joined(separator: "  "))
      }
      return .success
    } catch {
      throw CommandError(error)
    }
  }

  private static func plain(_ value: JSON) -> String {
    if case .string(let text) = value { return text }
    return value.text
  }

  private typealias Row = [(String, JSON)]

  private func rows(_ bytes: [UInt8]) throws(LogError) -> [Row] {
    if let name = SegmentFileName(parsing: path.lastPart) { return try rows(of: name, bytes) }
    guard let name = CheckpointName(rawValue: path.lastPart) else {
      throw LogError(
        .invalidArgument,
        "\(path.lastPart) is no file that is known: segments, indexes, snapshots and checkpoints are"
      )
    }
    return try rows(of: name, bytes)
  }

  // MARK: Files of segments

  private func rows(of name: SegmentFileName, _ bytes: [UInt8]) throws(LogError) -> [Row] {
    switch name.kind {
    case .log: []
    case .offsetIndex:
      offsetEntries(bytes, name.offset).map {
        [("offset", .offset($0.offset)), ("position", .number($0.position))]
      }
    case .timeIndex:
      timeEntries(bytes, name.offset).map {
        [
          ("timestamp", isJSON ? .number($0.timestamp.rawValue) : .string($0.timestamp.text)),
          ("offset", .offset($0.offset)),
        ]
      }
    case .transactionIndex: try transactions(bytes)
    case .producerSnapshot: try ProducerSnapshot(parsing: bytes.span.bytes).entries.map(row)
    }
  }

  private func offsetEntries(_ bytes: [UInt8], _ base: Offset) -> [OffsetIndexEntry] {
    let view = OffsetIndexView(bytes.span.bytes, baseOffset: base)
    return (0..<view.count).map { view[$0] }
  }

  private func timeEntries(_ bytes: [UInt8], _ base: Offset) -> [TimeIndexEntry] {
    let view = TimeIndexView(bytes.span.bytes, baseOffset: base)
    return (0..<view.count).map { view[$0] }
  }

  private func transactions(_ bytes: [UInt8]) throws(LogError) -> [Row] {
    var rows: [Row] = []
    for index in 0..<bytes.count / AbortedTransaction.byteCount {
      let entry = try AbortedTransaction(
        parsing: bytes.span.bytes, at: index * AbortedTransaction.byteCount)
      rows.append([
        ("producer", .number(entry.producerID)), ("firstOffset", .offset(entry.firstOffset)),
        ("lastOffset", .offset(entry.lastOffset)),
        ("lastStableOffset", .offset(entry.lastStableOffset)),
      ])
    }
    return rows
  }

  private func row(_ entry: ProducerSnapshotEntry) -> Row {
    [
      ("producer", .number(entry.producer.id)),
      ("epoch", .number(Int64(entry.producer.epoch))),
      (
        "lastSequence",
        .optional((entry.lastBatch?.lastSequence.rawValue).map { .number(Int64($0)) })
      ),
      ("lastOffset", .optional((entry.lastBatch?.lastOffset).map { .offset($0) })),
      ("timestamp", isJSON ? .number(entry.timestamp.rawValue) : .string(entry.timestamp.text)),
      ("transactionStart", .optional(entry.transactionStart.map { .offset($0) })),
    ]
  }

  // MARK: Texts

  private func rows(of name: CheckpointName, _ bytes: [UInt8]) throws(LogError) -> [Row] {
    switch name {
    case .recoveryPoints, .logStartOffsets, .highWatermarks, .cleanerOffsets:
      try OffsetCheckpoint(parsing: bytes.span.bytes).entries.map {
        [("partition", .string("\($0.partition)")), ("offset", .offset($0.offset))]
      }
    case .leaderEpochs:
      try LeaderEpochCheckpoint(parsing: bytes.span.bytes).entries.map {
        [
          ("epoch", .number(Int64($0.epoch.rawValue))), ("startOffset", .offset($0.startOffset)),
        ]
      }
    case .partitionMetadata:
      [[("topicID", .string("\(try PartitionMetadata(parsing: bytes.span.bytes).topicID)"))]]
    case .metaProperties:
      try PropertyList(parsing: bytes.span.bytes).properties.map { [($0.name, .string($0.value))] }
    case .cleanShutdown:
      [
        [
          (
            "brokerEpoch",
            .optional(
              CleanShutdownMarker(parsing: bytes.span.bytes).brokerEpoch.map { .number($0) })
          )
        ]
      ]
    }
  }
}
