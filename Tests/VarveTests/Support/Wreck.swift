import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// A log on a simulated disk, whose process ends at will, and whose files somebody damages.
///
/// Its batches have one record each, and all are of one size.
struct Wreck {
  let clock = ManualClock()
  var disk: SimulatedFileSystem
  let events = EventRecorder()
  var configuration = LogConfiguration()
  var directory = "/log"

  /// How many batches a segment has, and how many bytes each has.
  static let perSegment = 8
  static let batchByteCount = 512

  init(tailWriter: LogConfiguration.TailWriter = .positional) {
    disk = SimulatedFileSystem(clock: clock)
    configuration.segmentByteCount = Self.perSegment * Self.batchByteCount
    configuration.indexIntervalByteCount = 0
    configuration.tailWriter = tailWriter
    configuration.observer = events
  }

  /// The same, of which others are damaged in other ways.
  func fork() -> Wreck {
    var copy = self
    copy.disk = disk.fork()
    return copy
  }

  func open(mode: Log.Mode = .readWrite) throws -> Log {
    try Log.open(
      at: directory, mode: mode, configuration: configuration,
      runtime: LogRuntime(steppedBy: clock),
      environment: LogEnvironment(fileSystem: disk, time: clock, random: SeededRandom(seed: 1)))
  }

  // MARK: Records

  /// The record of an offset: its time grows with it.
  static func record(_ offset: Offset) -> Record {
    let number = Int64(offset.rawValue)
    let value = UInt8(truncatingIfNeeded: number * 7 + 1)
    return Record(
      value: [UInt8](repeating: value, count: batchByteCount - 70), timestamp: time(of: offset))
  }

  static func time(of offset: Offset) -> Timestamp { .at(1_000_000 + offset.rawValue * 10) }

  static func stored(_ offsets: Range<Offset>) -> [StoredRecord] {
    offsets.map { StoredRecord($0, record($0)) }
  }

  /// Appends records up to an offset, with all upkeep.
  func fill(_ log: Log, upTo end: Offset) throws {
    while log.end < end {
      try log.append(Self.record(log.end))
      while log.runtime.step() {}
    }
  }

  /// Fills a new log up to `end`, brings it to the device up to `durable`, and ends the process.
  func make(durable: Offset, end: Offset) throws {
    let log = try open()
    try fill(log, upTo: durable)
    try log.waitUntilDurableNow(durable)
    try fill(log, upTo: end)
    disk.crash(.kill, seed: 0)
  }

  /// Has the machine start anew, with all that was written.
  func reboot() throws {
    for name in disk.files(in: directory).keys {
      try OpenFile(directory + "/" + name, .writing, in: disk).syncAll()
    }
    try disk.syncDirectory(directory)
    try disk.syncDirectory("/")
    disk.crash(.power, seed: 0)
  }

  // MARK: Files

  func path(_ base: Offset) -> SegmentPath {
    SegmentPath(directory: directory, baseOffset: base)
  }

  func bytes(_ name: String) -> [UInt8]? { disk.files(in: directory)[name] }

  /// The bytes of a segment's file.
  func segment(_ base: Offset) -> [UInt8] {
    bytes(SegmentFileName(base, .log).description) ?? []
  }

  /// Where the batch of an offset lies in its segment.
  static func position(_ offset: Offset) -> Int {
    Int(offset.rawValue) % perSegment * batchByteCount
  }

  static func base(of offset: Offset) -> Offset {
    Offset(rawValue: offset.rawValue / Int64(perSegment) * Int64(perSegment))
  }

  /// Flips a bit of the record at an offset.
  func flip(_ offset: Offset, at byte: Int = 100, keepsTime: Bool = true) throws {
    let path = path(Self.base(of: offset)).log
    let position = Self.position(offset) + byte
    let old = segment(Self.base(of: offset))[position]
    try write([old ^ 1], to: path, at: position, keepsTime: keepsTime)
  }

  /// Has the batch at an offset claim another last offset, and puts right the checksum that covers it.
  func stretch(_ offset: Offset, to lastDelta: (high: UInt8, low: UInt8)) throws {
    let (base, start) = (Self.base(of: offset), Self.position(offset))
    var batch = Array(segment(base)[start...])
    let length = batch[8..<12].reduce(0) { $0 << 8 | Int($1) }
    batch.removeSubrange((12 + length)...)
    (batch[25], batch[26]) = lastDelta
    let covered = Array(batch[21...])
    let sum = CRC32C.checksum(of: covered.span.bytes)
    for index in 0..<4 {
      batch[17 + index] = UInt8(truncatingIfNeeded: sum >> UInt32(24 - 8 * index))
    }
    try write(batch, to: path(base).log, at: start, keepsTime: true)
  }

  func write(
    _ bytes: [UInt8], to path: String, at position: Int, keepsTime: Bool = false
  ) throws {
    let file = try OpenFile(path, .writing, in: disk)
    let modified = try file.status().modified
    clock.advance(byMilliseconds: 1)
    try file.write(bytes.span.bytes, at: position)
    if keepsTime { try disk.setModified(file.descriptor, to: modified) }
  }

  func cut(_ base: Offset, to byteCount: Int) throws {
    try OpenFile(path(base).log, .writing, in: disk).truncate(to: byteCount)
  }

  /// Removes the files of a segment.
  func remove(_ base: Offset) throws {
    let path = path(base)
    for name in [path.log, path.offsetIndex, path.timeIndex] { try? disk.unlink(name) }
  }

  /// The part of the log that is lost where the batch of an offset is.
  static func damage(_ offset: Offset) -> DamagedRange {
    damage(offset..<offset.advanced(by: 1))
  }

  /// The same of more batches of a segment.
  static func damage(_ offsets: Range<Offset>) -> DamagedRange {
    let start = position(offsets.lowerBound)
    return DamagedRange(
      segmentBaseOffset: base(of: offsets.lowerBound), offsets: offsets,
      positions: start..<start + offsets.count * batchByteCount)
  }
}

// MARK: Expectations

extension Wreck {
  /// Expects that all but some parts can be read, in every way, and that those ways that lead to such
  /// a part say which it is.
  static func expect(
    _ log: Log, lost: [DamagedRange] = [], end: Offset,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(log.end == end, sourceLocation: sourceLocation)
    let all = stored(log.start..<end)
    let kept = all.filter { record in !lost.contains { $0.offsets.contains(record.offset) } }
    let (found, met) = try log.storedPassing()
    #expect(found == kept, sourceLocation: sourceLocation)
    #expect(met == lost, sourceLocation: sourceLocation)
    for record in all {
      let offset = record.offset
      let part = lost.first { $0.offsets.contains(offset) }
      if let part {
        #expect(error { try log.recordNow(at: offset) }?.damage == part)
        #expect(error { try log.stored(from: .offset(offset)) }?.damage == part)
        #expect(error { try log.sliceNow(from: .offset(offset)) }?.damage == part)
      } else {
        #expect(try log.recordNow(at: offset) == record.record)
      }
      let next = kept.first { $0.offset >= offset }
      #expect(
        try log.firstNow(at: time(of: offset))?.offset == next?.offset,
        "time of \(offset)", sourceLocation: sourceLocation)
    }
    let slices = try log.sliceParts(passing: lost)
    #expect(slices == kept.map(\.offset), sourceLocation: sourceLocation)
  }
}

extension Log {
  /// All records that a scan sees which goes on behind what is lost, and what that was.
  func storedPassing() throws -> (records: [StoredRecord], lost: [DamagedRange]) {
    var found: [StoredRecord] = []
    var lost: [DamagedRange] = []
    var from = start
    while from < end {
      do {
        var scan = try scan(from: .offset(from))
        while true {
          do {
            guard let batch = try scan.next() else { return (found, lost) }
            var records = try batch.records.makeIterator()
            while let record = records.next() {
              found.append(StoredRecord(record.offset, Record(copying: record)))
            }
          } catch {
            guard let part = error.damage, lost.last != part else { throw error }
            #expect(error.code == .corrupt)
            // Said once more until it is passed.
            var again: DamagedRange?
            do { _ = try scan.next() } catch { again = error.damage }
            #expect(again == part)
            lost.append(part)
            scan.skip(past: part)
          }
        }
      } catch let error as LogError {
        // It begins with what is lost.
        guard let part = error.damage, lost.last != part else { throw error }
        lost.append(part)
        from = part.offsets.upperBound
      }
    }
    return (found, lost)
  }

  func sliceNow(from position: LogPosition) throws -> LogSlice? {
    try ZeroCopyReader(self).slice(from: position)
  }

  /// The offsets of all batches that slices hold which go on behind what is lost.
  func sliceParts(passing lost: [DamagedRange]) throws -> [Offset] {
    let reader = ZeroCopyReader(self)
    var offsets: [Offset] = []
    var next = start
    while next < end {
      do {
        guard let slice = try reader.slice(from: .offset(next), maximumByteCount: 1500) else {
          break
        }
        offsets += try slice.withBytes { bytes throws(LogError) in
          var found: [Offset] = []
          var walk = BatchWalk(bytes)
          while let batch = try walk.next() {
            try batch.checkIntegrity()
            found.append(batch.header.baseOffset)
          }
          return found
        }
        next = slice.offsets.upperBound
      } catch {
        guard let part = error.damage, lost.contains(part) else { throw error }
        next = part.offsets.upperBound
      }
    }
    return offsets
  }
}
