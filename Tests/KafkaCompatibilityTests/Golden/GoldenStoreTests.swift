import Foundation
import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// Stores that versions of Varve left: each later one finds in them what was written, and goes on.
@Suite(.enabled(if: CompressionCodec.allCases.allSatisfy(\.isBuiltIn)))
struct GoldenStoreTests {
  private static let newVersion = ProcessInfo.processInfo.environment["VARVE_GOLDEN"]

  /// `make golden`: leaves the store of a version for those that come.
  @Test(.enabled(if: newVersion != nil))
  func theStoreOfThisVersionIsKept() throws {
    let version = try Self.newVersion.required()
    let golden = GoldenStore()
    let contents = try golden.write()
    try GoldenArchive.write(try golden.files(), contents: contents, as: version)
  }

  /// So that whoever has none of a version yet finds out in time.
  @Test func theStoreOfThisVersionIsFoundAgain() throws {
    let golden = GoldenStore()
    let contents = try golden.write()
    let store = try GoldenStore.open(GoldenStore.directory, on: golden.disk, golden.clock)
    #expect(store.opening.wasClean && store.opening.recoveries.isEmpty)
    #expect(try StoreContents.lines(of: store) == contents)
    try store.close()
  }

  @Test func thereIsSomethingOfEverything() throws {
    let contents = try GoldenStore().write()
    for codec in CompressionCodec.allCases {
      #expect(contents.contains { $0.hasPrefix("batch ") && $0.contains(" \(codec) ") })
    }
    for beginning in ["aborted 13 ", "position audit codecs-0 4", "position billing deleted-0 90"] {
      #expect(contents.contains { $0.hasPrefix(beginning) })
    }
    #expect(contents.contains("leaders 3@10 7@65"))
    #expect(contents.contains { $0.hasPrefix("log deleted-0 77..<150 ") })
    #expect(contents.contains { $0.hasPrefix("producer 14") && !$0.hasSuffix("open none") })
    let keyed = try contents.firstIndex { $0.hasPrefix("log compacted-0 ") }.required()
    let batches = contents[keyed...].dropFirst().prefix { !$0.hasPrefix("log ") }
      .count { $0.hasPrefix("batch ") }
    #expect((9...20).contains(batches))
  }

  @Test(arguments: GoldenArchive.versions)
  func whatAVersionWroteIsFound(_ version: String) throws {
    try GoldenArchive.withStore(of: version) { folder in
      let expected = try Self.contents(in: folder)
      let clock = ManualClock(wallMilliseconds: GoldenStore.now)
      try Self.expectKafkas(folder.path)
      let store = try GoldenStore.open(folder.path, on: PosixFileSystem(), clock)
      #expect(store.opening.wasClean && store.opening.failures.isEmpty)
      #expect(store.opening.recoveries.isEmpty && store.opening.unreadCheckpoints.isEmpty)
      Self.expectSame(try StoreContents.lines(of: store), expected)
      for partition in store.partitions {
        try store[partition].required().append(Record(key: "new", value: "by a later version"))
      }
      let now = try StoreContents.lines(of: store)
      try store.close()
      try Self.expectKafkas(folder.path)

      let again = try GoldenStore.open(folder.path, on: PosixFileSystem(), clock)
      #expect(again.opening.wasClean && again.opening.recoveries.isEmpty)
      Self.expectSame(try StoreContents.lines(of: again), now)
      try again.close()
    }
  }

  /// There is one of some version, and it is small.
  @Test func theyAreThere() throws {
    #expect(!GoldenArchive.versions.isEmpty)
    for version in GoldenArchive.versions {
      let size = try GoldenArchive.byteCount(of: version)
      #expect(size < 200 << 10)
    }
  }

  private static func contents(in folder: URL) throws -> [String] {
    let file = folder.appending(path: GoldenArchive.contents)
    let text = try String(contentsOf: file, encoding: .utf8)
    // It is no part of the store.
    try FileManager.default.removeItem(at: file)
    return text.split(separator: "\n").map(String.init)
  }

  /// Says the first lines that differ, and not all of both.
  private static func expectSame(_ found: [String], _ expected: [String]) {
    #expect(found.count == expected.count)
    let differences = zip(found, expected).filter { $0 != $1 }.prefix(3)
    #expect(differences.isEmpty, "\(Array(differences))")
  }

  /// Kafka believes the mark of a clean stop, changes nothing, and finds each log's end.
  private static func expectKafkas(_ directory: String) throws {
    #expect(FileManager.default.fileExists(atPath: directory + "/.kafka_cleanshutdown"))
    for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
      guard let partition = TopicPartition(parsing: name) else { continue }
      let outcome = try KafkaDirectory(directory).load(partition)
      #expect(outcome.actions.allSatisfy(isHarmless), "\(name): \(outcome.actions)")
      #expect(outcome.recoveryPoint == outcome.logEndOffset)
    }
  }

  /// What it does to logs that nobody led, or whose start has moved on.
  private static func isHarmless(_ action: KafkaLoaderModel.Action) -> Bool {
    switch action {
    case .created("leader-epoch-checkpoint"), .removed(_, .snapshotOutOfRange): true
    default: false
    }
  }
}

extension GoldenStore {
  /// All files by their paths in the store.
  fileprivate func files() throws -> [String: [UInt8]] {
    var files = disk.files(in: Self.directory)
    for name in try disk.list(Self.directory) where TopicPartition(parsing: name) != nil {
      for (file, bytes) in disk.files(in: Self.directory + "/" + name) {
        files[name + "/" + file] = bytes
      }
    }
    return files
  }
}
