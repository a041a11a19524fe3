import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// Logs with messages from before Kafka 0.11, or of a version to come: they are refused, and stay as they
/// are.
@Suite struct OtherFormatTests {
  private let wreck: Wreck

  enum Layout: CaseIterable {
    case alone, sealed, beforeBatches, behindBatches, behindSegments, damaged, large
  }

  private static func batch(_ offset: Offset) throws -> [UInt8] {
    var options = BatchOptions()
    options.baseOffset = offset
    return try RecordBatch.of([Wreck.record(offset)], options).array
  }

  private static func old(_ offsets: Range<Offset>, _ version: UInt8) -> [UInt8] {
    (offsets.lowerBound.rawValue..<offsets.upperBound.rawValue).flatMap {
      OldMessage.bytes(Offset(rawValue: $0), version: version)
    }
  }

  /// The segments' bytes, by their bases.
  private static func segments(_ layout: Layout, _ version: UInt8) throws -> [Offset: [UInt8]] {
    switch layout {
    case .alone: [0: old(0..<1, version)]
    case .sealed: [0: old(0..<3, version), 3: try batch(3)]
    case .beforeBatches: [0: old(0..<2, version) + (try batch(2))]
    case .behindBatches: [0: try batch(0) + batch(1) + old(2..<4, version)]
    case .behindSegments: [0: try batch(0), 1: try batch(1), 2: old(2..<4, version)]
    case .damaged: [0: flipped(old(0..<3, version))]
    case .large:
      [0: OldMessage.bytes(0, version: version, value: String(repeating: "x", count: 3 << 20))]
    }
  }

  /// With a value that is not the one that was written.
  private static func flipped(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    bytes[30] ^= 1
    return bytes
  }

  private func write(_ segments: [Offset: [UInt8]], to directory: String) throws {
    try NewDirectories(fileSystem: wreck.disk).make(directory)
    for (base, bytes) in segments {
      let path = SegmentPath(directory: directory, baseOffset: base)
      try write(bytes, to: path.log)
      // What Kafka has beside them is not made anew.
      for index in [path.offsetIndex, path.timeIndex] { try write([1, 2, 3], to: index) }
    }
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let file = try OpenFile(path, .creating, in: wreck.disk)
    try file.write(bytes.span.bytes, at: 0)
    try file.syncData()
  }

  /// Each file is as it was, but for indexes of segments before that which is refused.
  private func expectUntouched(_ before: [String: [UInt8]], in directory: String) {
    let after = wreck.disk.files(in: directory)
    for (name, bytes) in before { #expect(after[name] == bytes, "\(name)") }
  }

  private func expectRefused(_ version: UInt8) {
    let refusal = error { try wreck.open() }
    #expect(refusal?.code == .unsupported)
    #expect(refusal?.message.contains("format \(version)") == true)
    #expect((refusal?.message.contains("varve export") == true) == (version < 2))
  }

  @Test(arguments: Layout.allCases, [UInt8(0), 1])
  func oldMessagesAreRefused(_ layout: Layout, _ version: UInt8) throws {
    try write(try Self.segments(layout, version), to: wreck.directory)
    let before = wreck.disk.files(in: wreck.directory)
    for _ in 0..<2 {
      expectRefused(version)
      expectUntouched(before, in: wreck.directory)
    }
    // Who reads the files, as an export does, is not kept from it.
    try wreck.open(mode: .readOnly).closeNow()
    expectUntouched(before, in: wreck.directory)
  }

  /// In a segment that begins with batches, behind others: they may have got their indexes by then.
  @Test func behindOtherSegments() throws {
    let segments: [Offset: [UInt8]] = [
      0: try Self.batch(0), 1: try Self.batch(1) + Self.old(2..<3, 1), 3: try Self.batch(3),
    ]
    try write(segments, to: wreck.directory)
    expectRefused(1)
    for (base, bytes) in segments { #expect(wreck.segment(base) == bytes) }
  }

  /// Kafka has gone on with a log of ours, and an older one than ours.
  @Test(arguments: [false, true])
  func behindALogOfOurs(_ isClosed: Bool) throws {
    let log = try wreck.open()
    try wreck.fill(log, upTo: 3)
    if isClosed { try log.closeNow() } else { wreck.disk.crash(.kill, seed: 0) }
    try wreck.write(
      OldMessage.bytes(3), to: wreck.path(0).log, at: 3 * Wreck.batchByteCount)
    let before = wreck.segment(0)
    expectRefused(1)
    #expect(wreck.segment(0) == before)
    try wreck.cut(0, to: 3 * Wreck.batchByteCount)
    let again = try wreck.open()
    try Wreck.expect(again, end: 3)
    try again.closeNow()
  }

  /// The other logs of a store are opened.
  @Test func inAStore() throws {
    try write([0: Self.old(0..<2, 1)], to: "/store/old-0")
    try write([0: try Self.batch(0)], to: "/store/new-0")
    let before = wreck.disk.files(in: "/store/old-0")
    let store = try LogStore.open(
      at: "/store", runtime: LogRuntime(steppedBy: wreck.clock),
      environment: LogEnvironment(
        fileSystem: wreck.disk, time: wreck.clock, random: SeededRandom(seed: 1)))
    #expect(store.partitions.map(\.description) == ["new-0"])
    #expect(
      Dictionary(uniqueKeysWithValues: store.failures.map { ($0.description, $1.code) })
        == ["old-0": .unsupported])
    try store.close()
    expectUntouched(before, in: "/store/old-0")
  }

  /// Batches of a later version, of which nothing but their frames is known.
  @Test func batchesToCome() throws {
    func later(_ offset: Offset) throws -> [UInt8] {
      var bytes = try Self.batch(offset)
      bytes[16] = 3
      return bytes
    }
    for bytes in [
      try later(0) + later(1), try Self.batch(0) + later(1) + later(2),
    ] {
      let wreck = wreck.fork()
      let inner = OtherFormatTests(wreck)
      try inner.write([0: bytes], to: wreck.directory)
      inner.expectRefused(3)
      #expect(wreck.segment(0) == bytes)
    }
  }

  private init(_ wreck: Wreck) { self.wreck = wreck }

  init() { self.init(Wreck()) }

  /// What a crash leaves is cut off as ever, whatever stands where the version would.
  @Test(arguments: [UInt8(0), 1, 3, 9])
  func tornEnds(_ version: UInt8) throws {
    let log = try wreck.open()
    try wreck.fill(log, upTo: 3)
    wreck.disk.crash(.kill, seed: 0)
    for isForeign in [false, true] {
      // A header of which the first bytes alone were written, and a message that is not whole.
      for torn in [
        Array(try Self.batch(3)[..<16]) + [version] + [UInt8](repeating: 0, count: 900),
        Array(OldMessage.bytes(3, version: version, value: "torn").dropLast()),
        Array(OldMessage.bytes(3, version: version, value: "torn").dropLast()) + [0],
      ] {
        let wreck = wreck.fork()
        if isForeign { try wreck.disk.unlink("/log/" + LogFileNames.sideFile) }
        try wreck.write(torn, to: wreck.path(0).log, at: 3 * Wreck.batchByteCount)
        let again = try wreck.open()
        #expect(again.recovery?.cutOffset == 3)
        try Wreck.expect(again, end: 3)
        try again.closeNow()
      }
    }
  }
}
