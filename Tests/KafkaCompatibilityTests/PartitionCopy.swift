import Foundation

extension PartitionID {
  /// Calls `body` with the path of a copy of the partition, which is removed afterwards.
  func withCopy(_ body: (String) throws -> Void) throws {
    let directory = FileManager.default.temporaryDirectory
      .appending(path: "varve-take-over-" + UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: directory) }
    // In a folder of its own: what lies beside a partition in one of Kafka's is Kafka's.
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    let copy = directory + "/log"
    try FileManager.default.copyItem(
      atPath: try FixtureArchive.url(rawValue).path, toPath: copy)
    try body(copy)
  }
}
