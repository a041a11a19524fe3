import Foundation

/// The directories that Kafka wrote, unpacked once for this process.
///
/// Each process has a folder of its own, so that test processes can run side by side.
enum FixtureArchive {
  /// The archive's name, and that of the folder in it.
  static let name = "kafka-4.3.1"

  /// Where the archives lie.
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")

  static let archive = folder.appending(path: "\(name).tar.gz")

  /// Where the files lie, or why they do not.
  static let unpacked = Result { try unpack() }

  static func url(_ path: String) throws -> URL { try unpacked.get().appending(path: path) }

  static func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: url(path))) }

  private static func unpack() throws -> URL {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "varve-\(name)-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    removeAtExit(folder)

    try tar(["-xzf", archive.path, "-C", folder.path])
    return folder.appending(path: name)
  }

  static func tar(_ arguments: [String]) throws {
    let tar = Process()
    tar.executableURL = URL(filePath: "/usr/bin/env")
    tar.arguments = ["tar"] + arguments
    try tar.run()
    tar.waitUntilExit()
    guard tar.terminationReason == .exit, tar.terminationStatus == 0 else {
      throw FixtureError("tar could not do its part: \(arguments.joined(separator: " "))")
    }
  }

  /// A process that crashes leaves its folder to whoever tidies the system's temporary files.
  private static func removeAtExit(_ folder: URL) {
    folderToRemove = folder
    atexit { try? FileManager.default.removeItem(at: FixtureArchive.folderToRemove) }
  }

  // SAFETY: written once, within the initialisation of `unpacked`, and read when the process ends.
  nonisolated(unsafe) private static var folderToRemove = URL(filePath: "/nonexistent")
}

/// Why the fixtures are not what the tests are about.
struct FixtureError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
