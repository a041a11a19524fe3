import Foundation
import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// Opening and closing, and what is said where that cannot be.
@Suite struct OpeningTests {
  @Test(arguments: Place.all)
  func aClosedLogTakesNothing(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try await Log.open(
        at: directory, configuration: place.configuration(), environment: .unsynced)
      try log.append(Record(value: "x"))
      try await log.close()
      let batch = try RecordBatch.of([Record(value: "x")])
      #expect(error { try log.append(Record(value: "x")) }?.code == .closed)
      #expect(error { try log.append([Record(value: "x")]) }?.code == .closed)
      #expect(error { try log.append(batch) }?.code == .closed)
      #expect(error { try log.append(producedBatch: batch.array.span.bytes) }?.code == .closed)
      try await log.close()
      try log.closeNow()
      #expect(log.end == 1)
      #expect(try LogOnDisk(directory: directory).segments.count == 1)
    }
  }

  /// What is left of a segment that is gone is removed.
  @Test(arguments: ["index", "timeindex", "txnindex"])
  func anIndexWithoutASegment(_ kind: String) throws {
    let wreck = Wreck()
    try wreck.disk.write([0, 1], to: "/log/00000000000000000000." + kind)
    let log = try wreck.open()
    try wreck.fill(log, upTo: 3)
    try Wreck.expect(log, end: 3)
    try log.closeNow()
  }

  /// What Kafka had renamed to delete it later is no part of the log, and goes.
  @Test func whatKafkaWasAboutToDelete() throws {
    let wreck = Wreck()
    let log = try wreck.open()
    try wreck.fill(log, upTo: 10)
    try log.closeNow()
    let names =
      ["log", "index", "timeindex", "txnindex"].map { "00000000000000000000.\($0)" }
      + ["00000000000000000008.snapshot", "00000000000000000099.log"]
    for name in names { try wreck.disk.write([1, 2], to: "/log/\(name).deleted") }
    let before = wreck.disk.operationCount(of: .syncDirectory)
    let again = try wreck.open()
    #expect(wreck.disk.operationCount(of: .syncDirectory) > before)
    try Wreck.expect(again, end: 10)
    try again.closeNow()
    #expect(!wreck.disk.files(in: "/log").keys.contains { $0.hasSuffix(".deleted") })
    #expect(wreck.bytes("00000000000000000008.snapshot") != nil)
  }

  @Test(arguments: Place.all)
  func directoriesAreMade(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let deep = directory + "/some/where/orders-0"
      let log = try await Log.open(at: deep + "/", configuration: place.configuration())
      #expect(log.directory == deep)
      try log.append(Record(value: "x"))
      try await log.close()
      #expect(try LogOnDisk(directory: deep).segments.map(\.baseOffset) == [0])
    }
  }

  @Test(arguments: Place.all)
  func aFileWhereADirectoryShouldBe(_ place: Place) async throws {
    try await place.withDirectory { directory in
      try Data().write(to: URL(fileURLWithPath: directory))
      for path in [directory, directory + "/below"] {
        let error = error { try ManualWorld().open(path, place.configuration()) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.systemCall?.errno == Errno.notDirectory.rawValue)
        #expect(error?.message.contains(path) == true)
      }
    }
  }

  @Test(
    arguments: Place.all,
    [
      "meta.properties", ".kafka_cleanshutdown", "recovery-point-offset-checkpoint",
    ])
  func aPartitionInALogDirectoryOfKafkas(_ place: Place, _ name: String) async throws {
    try await place.withDirectory { directory in
      try FileManager.default.createDirectory(
        atPath: directory + "/orders-0", withIntermediateDirectories: true)
      try Data().write(to: URL(fileURLWithPath: directory + "/" + name))
      let world = ManualWorld()
      for path in ["/orders-0", "/orders-0/", "/orders-0//", "/./orders-0", "/new-1"] {
        let error = error { try world.open(directory + path, place.configuration()) }
        #expect(error?.code == .invalidArgument, "\(path)")
        #expect(error?.message.contains("LogStore") == true)
        #expect(error?.message.contains(name) == true)
      }
      #expect(try LogOnDisk(directory: directory + "/orders-0").names.isEmpty)
    }
  }

  /// Looking is allowed, and changes nothing.
  @Test(arguments: Place.all)
  func readingOnly(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let configuration = place.configuration(segmentByteCount: 8 << 10)
      let log = try world.open(directory, configuration)
      for number in 0..<300 {
        try log.append(Record(value: "number \(number) with some more text"))
        if number % 50 == 0 { world.settle() }
      }
      world.settle()
      try log.append(Record(value: "the last"))
      let names = try LogOnDisk(directory: directory).names
      let live = try world.open(directory, configuration, mode: .readOnly)
      #expect(try live.stored() == log.stored())
      #expect(try live.recordNow(at: 300)?.value == Array("the last".utf8))
      #expect(error { try live.append(Record(value: "x")) }?.code == .invalidArgument)
      try live.closeNow()
      try live.closeNow()
      #expect(try LogOnDisk(directory: directory).names == names)
      try log.closeNow()

      let rest = try LogOnDisk(directory: directory).segments
      let closed = try world.open(directory, configuration, mode: .readOnly)
      #expect(try closed.stored() == log.stored())
      for number: Int64 in stride(from: 0, through: 300, by: 7) {
        #expect(try closed.recordNow(at: Offset(rawValue: number)) != nil)
      }
      try closed.closeNow()
      let after = try LogOnDisk(directory: directory).segments
      #expect(after.map(\.log) == rest.map(\.log))
      #expect(after.map(\.offsetIndex) == rest.map(\.offsetIndex))
      #expect(after.map(\.timeIndex) == rest.map(\.timeIndex))
    }
  }

  @Test(arguments: Place.all)
  func readingWhatIsNotThere(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let missing = error { try world.open(directory, place.configuration(), mode: .readOnly) }
      #expect(missing?.code == .invalidArgument)
      #expect(!FileManager.default.fileExists(atPath: directory))
    }
  }

  /// Files that are none of the log's are left alone, and do not stop it.
  @Test(arguments: Place.all)
  func filesOfOthers(_ place: Place) async throws {
    try await place.withDirectory { directory in
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
      let names = [
        "leader-epoch-checkpoint", "partition.metadata", "notes.txt", "0.log", "varve-spare.x",
        "varve-spare.007", "varve-spare.+5", "varve-spare.-5", "varve-spare.9223372036854775807",
        "0.log.deleted", "notes.txt.deleted",
      ]
      // It is of an offset that is to come, and what comes would not be what it speaks of.
      let snapshot = "00000000000000000007.snapshot"
      for name in names + [snapshot] {
        try Data("x".utf8).write(to: URL(fileURLWithPath: directory + "/" + name))
      }
      let log = try ManualWorld().open(directory, place.configuration(segmentByteCount: 4096))
      for _ in 0..<100 { try log.append(Record(value: "some text")) }
      try log.closeNow()
      let left = try Set(LogOnDisk(directory: directory).names)
      #expect(left.isSuperset(of: names.filter { $0 != "varve-spare.9223372036854775807" }))
      #expect(!left.contains(snapshot))
    }
  }

  /// A log that is dropped without being closed gives back its share of what is prepared ahead.
  @Test(arguments: Place.all)
  func aDroppedLogLeavesTheBudget(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let whole = world.runtime.preparation.share
      for number in 0..<3 {
        let log = try world.open(directory + "/\(number)", place.configuration())
        try log.append(Record(value: "x"))
        world.settle()
      }
      #expect(world.runtime.preparation.share == whole)
      let logs = try (0..<4).map { try world.open(directory + "/\($0)", place.configuration()) }
      for log in logs {
        try log.append(Record(value: "x"))
        world.settle()
      }
      let isMapped = logs[0].chosenTailWriter == .mapped
      #expect(world.runtime.preparation.share == (isMapped ? whole / 4 : whole))
      for log in logs { try log.closeNow() }
      #expect(world.runtime.preparation.share == whole)
    }
  }
}
