import Foundation
import VarveTesting

@testable import Varve

/// What Kafka makes of a directory of logs.
struct KafkaDirectory {
  let path: String

  init(_ path: String) { self.path = path }

  func checkpoint(_ name: CheckpointName) throws -> OffsetCheckpoint {
    let bytes = try Data(contentsOf: URL(filePath: path + "/" + name.rawValue))
    return try OffsetCheckpoint(parsing: [UInt8](bytes).span.bytes)
  }

  /// What Kafka makes of a partition, by its own checkpoints.
  func load(_ partition: TopicPartition) throws -> KafkaLoaderModel.Outcome {
    var files: [String: [UInt8]] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(partition)") {
      files[name] = [UInt8](try Data(contentsOf: URL(filePath: "\(path)/\(partition)/\(name)")))
    }
    return try KafkaLoaderModel(files: files).load(
      cleanly: FileManager.default.fileExists(atPath: path + "/.kafka_cleanshutdown"),
      recoveryPoint: checkpoint(.recoveryPoints).offsets[partition] ?? 0,
      logStartOffset: checkpoint(.logStartOffsets).offsets[partition] ?? 0)
  }
}
