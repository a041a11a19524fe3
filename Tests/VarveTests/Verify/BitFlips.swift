import Foundation
import VarveSystem
import VarveTesting

@testable import Varve

/// A small log on a simulated disk, of which single bits are flipped, each in a copy of its own: what then
/// becomes of its records is served as it was, or told.
struct BitFlips {
  /// How the process ended that wrote it.
  enum End: CaseIterable { case close, kill }

  let wreck: Wreck
  let end: End
  /// What was written, batch by batch.
  let records: [StoredRecord]
  let epochs: [LeaderEpoch]

  /// - Parameter hasLeaders: Whether batches say under whom they were appended.
  init(_ end: End, hasLeaders: Bool) throws {
    var wreck = Wreck()
    // Three batches or four, and the segment's indexes are full.
    wreck.configuration.indexByteCount = 36
    let log = try wreck.open()
    for (number, text) in Self.texts.enumerated() {
      if hasLeaders, number % 5 == 0 {
        try log.beginEpoch(LeaderEpoch(rawValue: Int32(number + 2)))
      }
      let time = Timestamp.at(1_700_000_000_000 + Int64(number))
      try log.append([
        Record(key: "\(number)", value: text, timestamp: time),
        Record(value: text, timestamp: time),
      ])
      while log.runtime.step() {}
    }
    try log.flushNow()
    records = try log.stored()
    epochs = try log.headers().map(\.leaderEpoch)
    self.end = end
    if end == .close { try log.closeNow() } else { wreck.disk.crash(.kill, seed: 0) }
    self.wreck = wreck
  }

  private static let texts = (0..<11).map { "what the record says \($0)" }

  /// The first offset of the segment that was written last.
  var activeBase: Offset {
    wreck.disk.files(in: wreck.directory).keys.compactMap { SegmentFileName(parsing: $0) }
      .filter { $0.kind == .log }.map(\.offset).max() ?? 0
  }

  /// Whether only a batch's neighbours tell that a bit has flipped: no checksum covers offset and epoch,
  /// and what a segment adds up to is not kept before it is sealed, or the log is closed.
  func isUncovered(_ bit: Int, of name: String) -> Bool {
    guard end == .kill, name == SegmentFileName(activeBase, .log).description else { return false }
    let bytes = wreck.bytes(name) ?? []
    var walk = BatchWalk(bytes.span.bytes)
    while (try? walk.next()) != nil {
      let byte = bit / 8 - walk.batchPosition
      if (0..<8).contains(byte) || (12..<16).contains(byte) { return true }
    }
    return false
  }

  /// What became of a record.
  enum Fate: Hashable {
    case served
    /// An error says which part is lost, or the report of the opening what was cut.
    case told
    /// It is not as it was, and nobody says so.
    case silent(String)
  }

  /// Flips a bit, opens the log, and reads all of it, in both ways.
  func fates(flipping bit: Int, of name: String) throws -> [Offset: Fate] {
    let copy = wreck.fork()
    let path = wreck.directory + "/" + name
    let byte = (copy.bytes(name) ?? [])[bit / 8]
    try copy.write([byte ^ 1 << UInt8(bit % 8)], to: path, at: bit / 8, keepsTime: true)
    let log = try copy.open()
    defer { try? log.closeNow() }
    let cut = log.recovery?.cutOffset ?? .max
    let told = (log.recovery?.damage ?? []).map(\.offsets)
    let (found, lost) = try log.storedPassing()
    let served = Dictionary(found.map { ($0.offset, $0.record) }, uniquingKeysWith: { $1 })
    var fates: [Offset: Fate] = [:]
    for (index, stored) in records.enumerated() {
      let offset = stored.offset
      let isTold =
        offset >= cut || told.contains { $0.contains(offset) }
        || lost.contains { $0.offsets.contains(offset) }
      let epoch = isTold ? epochs[index / 2] : try log.epochNow(at: offset)
      if isTold {
        fates[offset] = .told
      } else if served[offset] != stored.record {
        fates[offset] = .silent("a scan: \(String(describing: served[offset]))")
      } else if epoch != epochs[index / 2] {
        fates[offset] = .silent("its epoch: \(String(describing: epoch))")
      } else {
        fates[offset] = try fate(of: stored, in: log)
      }
    }
    for stored in found where !records.contains(stored) {
      fates[stored.offset] = .silent("invented")
    }
    return fates
  }

  private func fate(of stored: StoredRecord, in log: Log) throws -> Fate {
    do {
      let record = try log.recordNow(at: stored.offset)
      return record == stored.record ? .served : .silent("a look-up: \(String(describing: record))")
    } catch let error as LogError {
      return error.damage == nil ? .silent("\(error)") : .told
    }
  }
}

extension Log {
  /// The epoch of the batch that a scan finds for an offset.
  fileprivate func epochNow(at offset: Offset) throws -> LeaderEpoch? {
    var scan = try scan(from: .offset(offset))
    return try scan.next()?.header.leaderEpoch
  }
}

extension Offset {
  static var max: Offset { Offset(rawValue: .max) }
}
