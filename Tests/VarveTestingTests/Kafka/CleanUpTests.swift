import Testing
import Varve
import VarveTesting

/// What an interrupted life left behind: Kafka's first three passes over a directory.
@Suite struct CleanUpTests {
  private typealias Directory = KafkaDirectory

  @Test func whatIsMarkedAsDeletedGoes() throws {
    var directory = Directory()
    try directory.add(5...9)
    let kept = [
      "00000000000000000009-0000000001.checkpoint.deleted", "varve.side", "varve-spare.1",
      ".lock", "partition.metadata", "12.foo",
    ]
    for name in kept { directory.files[name] = [1, 2, 3] }
    let gone = [
      Directory.name(0, .log, .deleted), Directory.name(0, .producerSnapshot, .deleted),
      "x.deleted",
    ]
    for name in gone { directory.files[name] = [1] }
    let outcome = try directory.load(cleanly: true)
    #expect(outcome.removed == gone.sorted())
    #expect(outcome.altered.isEmpty)
    for name in kept { #expect(outcome.files[name] == [1, 2, 3]) }
    #expect(outcome.actions.contains(.removed("x.deleted", .leftover)))
    #expect(try outcome.offsets == list(5...9))
  }

  /// A replacement by several segments takes their names from the last one down. While one is not
  /// renamed, those that are go, and the originals stay.
  @Test func anUnfinishedReplacementIsUndone() throws {
    var directory = Directory()
    try directory.add(0...9)
    let original = directory.files
    var parts = Directory()
    try parts.add(0...4)
    try parts.add(5...9)
    parts.rename(0, .cleaned)
    parts.rename(5, .swap)
    directory.files.merge(parts.files) { old, _ in old }
    let outcome = try directory.load(cleanly: false)
    #expect(outcome.removed.count == 6)
    #expect(outcome.altered.isEmpty)
    #expect(outcome.actions.contains(.removed(Directory.name(0, .log, .cleaned), .leftover)))
    #expect(
      outcome.actions.contains(
        .removed(Directory.name(5, .log, .swap), .unfinishedReplacement)))
    for (name, bytes) in original { #expect(outcome.files[name] == bytes) }
    #expect(try outcome.offsets == list(0...9))
  }

  /// Below what is unfinished, replacements count.
  @Test func aFinishedReplacementBelowAnUnfinishedOneStays() throws {
    var directory = Directory()
    try directory.add(0...4)
    directory.rename(0, .swap)
    try directory.add(0...4)
    try directory.add(5...9)
    directory.rename(5, .cleaned)
    try directory.add(5...9)
    let outcome = try directory.load(cleanly: true)
    #expect(outcome.actions.contains(.removed(Directory.name(0, .log), .replaced)))
    #expect(
      outcome.actions.contains(
        .renamed(Directory.name(0, .log, .swap), to: Directory.name(0, .log))))
    #expect(outcome.segments == [0, 5])
    #expect(try outcome.offsets == list(0...9))
  }

  /// Compaction makes one segment of several. All that has a number in its range goes.
  @Test func aReplacementIsFinished() throws {
    var directory = Directory()
    try directory.add(0, [Directory.batch(1...1), Directory.batch(8...9)])
    directory.rename(0, .swap)
    for base: Int64 in [0, 4, 8, 10] { try directory.add(base...base + 1) }
    directory[4, .producerSnapshot] = KafkaDirectory.emptySnapshot
    directory[10, .producerSnapshot] = KafkaDirectory.emptySnapshot
    directory.files["5.varve"] = [1]
    directory.files["10.varve"] = [1]
    let outcome = try directory.load(cleanly: true)
    #expect(outcome.segments == [0, 10])
    #expect(try outcome.offsets == [1, 8, 9, 10, 11])
    #expect(outcome.actions.contains(.removed("5.varve", .replaced)))
    #expect(outcome.actions.contains(.removed(Directory.name(4, .producerSnapshot), .replaced)))
    #expect(outcome.files["10.varve"] == [1])
    #expect(outcome[0, .offsetIndex] == directory.files[Directory.name(0, .offsetIndex, .swap)])
  }

  /// An index that is not there is made, as long as it may become: all of it is then believed.
  @Test func aReplacementWithoutAnIndexGetsOneOfZeros() throws {
    var directory = Directory()
    try directory.add(0...9)
    directory.rename(0, .swap)
    directory.files[Directory.name(0, .offsetIndex, .swap)] = nil
    let outcome = try directory.load(cleanly: true)
    #expect(outcome[0, .offsetIndex] == [UInt8](repeating: 0, count: 10 << 20))
    #expect(outcome.logEndOffset == 10)
    #expect(try outcome.batch(holding: 7)?.baseOffset == 7)
  }

  @Test(arguments: [
    "x.log", "varve.index", "1.snapshot", "a.swap", "b.cleaned", "0000000000000000000x.timeindex",
  ])
  func namesThatKafkaCannotReadKeepItFromStarting(_ name: String) throws {
    var directory = Directory()
    try directory.add(0...9)
    directory.files[name] = []
    #expect(throws: KafkaLoaderModel.Failure.unreadableName(name)) {
      try directory.load(cleanly: true)
    }
  }
}
