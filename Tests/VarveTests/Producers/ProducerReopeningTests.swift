import Foundation
import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// What is known of producers is known again when a log is opened, however it was left.
@Suite struct ProducerReopeningTests {
  enum Ending: CaseIterable { case closed, copied, killed }

  /// A log over some segments, which producers wrote, and the batches that they sent.
  private func fill(_ log: Log, _ world: ManualWorld) throws -> [[RecordBatch]] {
    let now = world.now.rawValue
    var producers = (0..<4 as Range<Int64>).map { NumberedBatches($0, epoch: Int16($0)) }
    var sent = [[RecordBatch]](repeating: [], count: 4)
    for round in 0..<24 {
      for id in producers.indices where round % (id + 1) == 0 {
        let isTransactional = id == 2 || id == 3 && round > 10
        let batch = try producers[id].batch(
          isTransactional: isTransactional, byteCount: 250, at: now)
        try log.append(batch)
        sent[id].append(batch)
        if id == 2, round % 4 == 0 { try log.abort(producers[id].producer) }
      }
      world.settle()
    }
    #expect(log.segments.count > 3)
    #expect(log.lastStableOffset < log.end)
    return sent
  }

  private func expectSame(_ log: Log, _ sent: [[RecordBatch]], _ before: ProducerSnapshot) throws {
    #expect(log.producers == before)
    let end = log.end
    for batches in sent {
      for batch in batches.suffix(5) { #expect(try log.append(batch).isDuplicate) }
      for batch in batches.dropLast(5) {
        #expect(error { try log.append(batch) }?.refusal == .sequenceTooOld)
      }
    }
    #expect(log.end == end)
  }

  @Test(arguments: Place.all, Ending.allCases)
  func fiveBatchesAndOpenTransactions(_ place: Place, _ ending: Ending) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let configuration = place.configuration(segmentByteCount: 4096)
      var log = try world.open(directory, configuration)
      let sent = try fill(log, world)
      for _ in 0..<3 {
        let (before, stable) = (log.producers, log.lastStableOffset)
        let (aborted, keys) = (try log.abortedNow(0..<log.end), try log.committedKeys())
        var path = directory
        switch ending {
        case .closed: try log.closeNow()
        case .copied:
          path = directory + "-copy"
          try LogOnDisk(directory: directory).copy(to: path)
          try log.closeNow()
        case .killed: log.directoryLock?.release()
        }
        log = try world.open(path, configuration)
        try expectSame(log, sent, before)
        #expect(log.lastStableOffset == stable)
        #expect(try log.abortedNow(0..<log.end) == aborted)
        #expect(try log.committedKeys() == keys)
        if path != directory {
          try log.closeNow()
          try FileManager.default.removeItem(atPath: path)
          log = try world.open(directory, configuration)
        }
      }
      #expect(!(try log.abortedNow(0..<log.end)).isEmpty)
      try log.closeNow()
    }
  }

  /// A snapshot at the base of each segment but the first, and one at the end; an index of each segment
  /// in which something was aborted.
  @Test(arguments: Place.all)
  func theFilesAreKafkas(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let log = try world.open(directory, place.configuration(segmentByteCount: 4096))
      _ = try fill(log, world)
      let (end, aborted) = (log.end, try log.abortedNow(0..<log.end))
      let expected = log.producers
      let bases = log.segments.map(\.baseOffset)
      try log.closeNow()
      let names = try LogOnDisk(directory: directory).names.compactMap {
        SegmentFileName(parsing: $0)
      }
      #expect(
        names.filter { $0.kind == .producerSnapshot }.map(\.offset) == bases.dropFirst() + [end])
      let last = try ProducerFiles.snapshot(at: end, in: directory, PosixFileSystem())
      #expect(last == expected)
      var found: [AbortedTransaction] = []
      for base in bases {
        let path = SegmentPath(directory: directory, baseOffset: base)
        found += try ProducerFiles.aborted(of: path, in: PosixFileSystem()) ?? []
      }
      #expect(found == aborted && !found.isEmpty)
    }
  }

  /// Snapshots that cannot be read are done without, and those of offsets that are not there removed.
  @Test(arguments: Place.all, [0, 1, 3, 100])
  func snapshotsThatAreWrongAreDoneWithout(_ place: Place, _ wrongCount: Int) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let configuration = place.configuration(segmentByteCount: 4096)
      let log = try world.open(directory, configuration)
      let sent = try fill(log, world)
      let before = log.producers
      try log.closeNow()
      let disk = LogOnDisk(directory: directory)
      let snapshots = try disk.names.filter { $0.hasSuffix(".snapshot") }
      for name in snapshots.suffix(wrongCount) {
        let url = URL(fileURLWithPath: directory + "/" + name)
        var bytes = try Array(Data(contentsOf: url))
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: url)
      }
      let stray = SegmentFileName(1_000_000, .producerSnapshot).description
      let inside = SegmentFileName(1, .producerSnapshot).description
      for name in [stray, inside] {
        try Data(ProducerSnapshot().encoded).write(to: URL(fileURLWithPath: directory + "/" + name))
      }
      let again = try world.open(directory, configuration)
      try expectSame(again, sent, before)
      let names = try disk.names
      #expect(!names.contains(stray) && !names.contains(inside))
      try again.closeNow()
      #expect(try disk.names.filter { $0.hasSuffix(".snapshot") }.last == snapshots.last)
    }
  }

  /// Without its index, what was aborted in a segment would pass for what counts.
  @Test(arguments: Place.all)
  func aTransactionIndexThatIsGoneIsAnError(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let configuration = place.configuration(segmentByteCount: 4096)
      let log = try world.open(directory, configuration)
      _ = try fill(log, world)
      try log.closeNow()
      let again = try world.open(directory, configuration)
      for name in try LogOnDisk(directory: directory).names where name.hasSuffix(".txnindex") {
        try FileManager.default.removeItem(atPath: directory + "/" + name)
      }
      #expect(error { try again.committedKeys() }?.code == .corrupt)
      #expect(try again.stored().count > 0)
      try again.closeNow()
    }
  }

  enum Files: CaseIterable {
    case transactionIndexes, allIndexes, emptyTransactionIndexes, allIndexesAndSnapshots

    func take(from directory: String) throws {
      let suffixes =
        switch self {
        case .transactionIndexes, .emptyTransactionIndexes: [".txnindex"]
        case .allIndexes: ["index"]
        case .allIndexesAndSnapshots: ["index", ".snapshot"]
        }
      for name in try LogOnDisk(directory: directory).names
      where suffixes.contains(where: { name.hasSuffix($0) }) {
        let path = directory + "/" + name
        try FileManager.default.removeItem(atPath: path)
        if self == .emptyTransactionIndexes {
          try Data().write(to: URL(fileURLWithPath: path))
        }
      }
    }
  }

  /// The index of a segment in which something was aborted is made anew, that of the last one, too, where
  /// it has gone while the log was closed, or was killed.
  @Test(arguments: Place.all, Files.allCases)
  func indexesThatAreGoneAreMadeAnew(_ place: Place, _ files: Files) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let configuration = place.configuration(segmentByteCount: 4096)
      var log = try world.open(directory, configuration)
      _ = try fill(log, world)
      // In the last segment, too.
      var producer = NumberedBatches(9)
      try log.append(
        try producer.batch(isTransactional: true, byteCount: 20, at: world.now.rawValue))
      try log.abort(producer.producer)
      world.settle()
      let (aborted, keys) = (try log.abortedNow(0..<log.end), try log.committedKeys())
      let (producers, stable) = (log.producers, log.lastStableOffset)
      #expect(log.segments.last.map { $0.baseOffset <= aborted.last!.lastOffset } == true)
      for isClosed in [true, false, true] {
        if isClosed { try log.closeNow() } else { log.directoryLock?.release() }
        try files.take(from: directory)
        log = try world.open(directory, configuration)
        #expect(log.recovery?.damage ?? [] == [])
        #expect(try log.abortedNow(0..<log.end) == aborted)
        #expect(try log.committedKeys() == keys)
        #expect(log.producers == producers && log.lastStableOffset == stable)
      }
      let indexed = Set(
        aborted.compactMap { entry in
          log.segments.last { $0.baseOffset <= entry.lastOffset }?.baseOffset
        })
      try log.closeNow()
      let names = try LogOnDisk(directory: directory).names.compactMap {
        SegmentFileName(parsing: $0)
      }
      #expect(
        Set(names.filter { $0.kind == .transactionIndex }.map(\.offset)) == indexed)
      // And is believed from then on.
      log = try world.open(directory, configuration)
      #expect(log.recovery == nil)
      #expect(try log.abortedNow(0..<log.end) == aborted)
      try log.closeNow()
    }
  }

  /// Who only reads makes nothing anew, and does not take what was aborted for what counts.
  @Test(arguments: Place.all)
  func whoOnlyReadsKnowsThem(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let configuration = place.configuration(segmentByteCount: 4096)
      let log = try world.open(directory, configuration)
      _ = try fill(log, world)
      let (aborted, keys) = (try log.abortedNow(0..<log.end), try log.committedKeys())
      try log.closeNow()
      try Files.transactionIndexes.take(from: directory)
      let names = try LogOnDisk(directory: directory).names
      let reader = try world.open(directory, configuration, mode: .readOnly)
      #expect(try reader.abortedNow(0..<reader.end) == aborted)
      #expect(try reader.committedKeys() == keys)
      try reader.closeNow()
      #expect(try LogOnDisk(directory: directory).names == names)
    }
  }

  /// What was deleted while it was written to gets its final form later, and goes no sooner than that is
  /// on the device: what is known of its producers may stand nowhere else.
  @Test(arguments: 0..<24 as Range<UInt64>)
  func deletionsForgetNoProducer(_ seed: UInt64) throws {
    var wreck = Wreck()
    wreck.configuration.syncPolicy = .never
    var log = try wreck.open()
    var producer = NumberedBatches(7, epoch: 0)
    let batch = try producer.batch(
      isTransactional: true, byteCount: 250, at: wreck.clock.wallMilliseconds)
    try log.append(batch)
    try wreck.fill(log, upTo: 8)
    try log.deleteRecordsNow(before: 8)
    #expect(log.segments.map(\.baseOffset) == [0])
    let before = log.producers
    try wreck.fill(log, upTo: 20)
    #expect(log.segments.map(\.baseOffset) == [0, 8, 16])
    wreck.disk.crash(.power, seed: seed)
    log = try wreck.open()
    #expect(log.start == 8 && log.producers == before)
    #expect(log.segments.dropLast().allSatisfy { $0.endOffset > 8 })
    #expect(log.recovery?.damage ?? [] == [])
    #expect(try log.append(batch).isDuplicate)
    try log.closeNow()
  }

  /// While the log was open, the time of the append counted, which is written nowhere.
  @Test func whoseBatchesHaveNoTimeIsKnown() throws {
    let wreck = Wreck()
    var log = try wreck.open()
    let options = BatchOptions(producer: Producer(id: 7, epoch: 0), baseSequence: 0)
    let batch = try RecordBatch.of([Record(value: "v")], options)
    try log.append(batch)
    for isClosed in [true, false] {
      if isClosed { try log.closeNow() } else { wreck.disk.crash(.kill, seed: 1) }
      log = try wreck.open()
      #expect(try log.append(batch).isDuplicate)
    }
    // And is forgotten as everybody else is.
    wreck.clock.advance(
      byMilliseconds: 2 * wreck.configuration.producerExpiration.milliseconds)
    while log.runtime.step() {}
    #expect(log.producers.entries.isEmpty)
    try log.closeNow()
  }
}
