internal import Varve

/// Looks at what lies beside the logs of a directory, and compares it with them.
struct StoreVerification {
  let directory: String
  let look: Look
  private(set) var findings: [Finding] = []
  private(set) var partitions: [PartitionDirectoryName] = []

  init(_ directory: String, _ look: Look) {
    self.directory = directory
    self.look = look
  }

  private var offsets: [CheckpointName: [TopicPartition: Offset]] = [:]
  private var isClean = false

  private mutating func report(_ severity: Finding.Severity, _ file: String, _ message: String) {
    findings.append(Finding(severity: severity, file: file, message: message))
  }

  /// Reads what there is, and lists the logs.
  mutating func begin() throws(CommandError) {
    let names = try look.names(directory)
    isClean = names.contains(CheckpointName.cleanShutdown.rawValue)
    for name in names {
      // It may have gone meanwhile.
      guard let status = try? look.fileSystem.status(at: directory + "/" + name),
        status.kind == .directory
      else { continue }
      if let partition = PartitionDirectoryName(parsing: name) {
        if partition.fate == nil, name != "__cluster_metadata-0" { partitions.append(partition) }
      } else if name != "remote-log-index-cache" {
        report(.warning, name, "it is no log, and Kafka does not start with such a directory")
      }
    }
    for name in [
      CheckpointName.recoveryPoints, .logStartOffsets, .highWatermarks, .cleanerOffsets,
      .metaProperties,
    ] where names.contains(name.rawValue) {
      try read(name)
    }
  }

  private mutating func read(_ name: CheckpointName) throws(CommandError) {
    guard let bytes = try look.bytesIfThere(directory + "/" + name.rawValue) else { return }
    do throws(LogError) {
      if name == .metaProperties {
        _ = try MetaProperties(parsing: bytes.span.bytes)
      } else {
        offsets[name] = try OffsetCheckpoint(parsing: bytes.span.bytes).offsets
      }
    } catch {
      report(.error, name.rawValue, error.message)
    }
  }

  /// Compares what the checkpoints say of a log with where it ends.
  mutating func compare(_ name: PartitionDirectoryName, end: Offset) {
    guard let partition = TopicPartition(topic: name.topic, partition: name.partition) else {
      return
    }
    for checkpoint in [CheckpointName.recoveryPoints, .logStartOffsets] {
      guard let offset = offsets[checkpoint]?[partition], offset > end else { continue }
      report(
        isClean ? .error : .warning, checkpoint.rawValue,
        "it says \(offset) of \(partition), which ends at \(end)")
    }
    guard isClean, let point = offsets[.recoveryPoints]?[partition], point < end else { return }
    report(
      .warning, CheckpointName.recoveryPoints.rawValue,
      "the log \(partition) goes on behind \(point), though the directory was left in order")
  }
}
