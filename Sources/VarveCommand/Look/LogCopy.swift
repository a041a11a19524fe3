internal import Varve
internal import VarveSystem

/// Takes the batches of a log, in order, and hands on those that are right.
struct LogCopy {
  /// What was met on the way.
  struct Count: Sendable {
    var batches = 0
    var bytes = 0
    var converted = 0
    var lost: [String] = []
  }

  let files: LogFiles
  let look: Look
  /// Whether it goes on behind what is no batch, or is no format-2 batch.
  let mends: Bool
  private(set) var count = Count()
  private var chain = BatchChain(from: 0, continuity: .gapsAllowed)

  init(_ files: LogFiles, _ look: Look, mends: Bool) {
    self.files = files
    self.look = look
    self.mends = mends
  }

  mutating func run(
    _ progress: (Int) -> Void, _ take: ([UInt8]) throws(CommandError) -> Void
  ) throws(CommandError) {
    for (index, segment) in files.segments.enumerated() {
      let isLast = index == files.segments.count - 1
      var walk = try SegmentWalk(files.path(segment.base, .log), look)
      while let (piece, position) = try walk.next() {
        progress(walk.position - position)
        guard try hand(piece, at: position, segment.base, isLast, take) else {
          guard mends, let next = try walk.resume(after: position, from: chain.nextOffset) else {
            break
          }
          walk.move(to: next)
          continue
        }
      }
    }
  }

  /// False where the walk cannot go on behind a piece.
  private mutating func hand(
    _ piece: SegmentWalk.Piece, at position: Int, _ base: Offset, _ isLast: Bool,
    _ take: ([UInt8]) throws(CommandError) -> Void
  ) throws(CommandError) -> Bool {
    let place = "\(SegmentFileName(base, .log)) at byte \(position)"
    switch piece {
    case .batch(let header, let bytes):
      do throws(LogError) {
        _ = try RecordBatch(validating: bytes, as: .log)
        try chain.append(header)
      } catch {
        try lose("\(place): offsets \(header.baseOffset)...\(header.lastOffset): \(error.message)")
        return true
      }
      count.batches += 1
      count.bytes += bytes.count
      try take(bytes)
      return true
    case .message(let bytes):
      try convert(bytes, place, take)
      return true
    case .zeros, .torn:
      if !isLast { try lose("\(place): its end is missing") }
      return false
    case .broken(let error):
      try lose("\(place): \(error.message)")
      return false
    }
  }

  private mutating func lose(_ what: String) throws(CommandError) {
    guard mends else {
      throw CommandError(
        message: what, hint: "'varve export' leaves out what is lost, and says what that is.",
        exit: .found)
    }
    count.lost.append(what)
  }

  /// Makes a message of before format 2 a batch.
  private mutating func convert(
    _ bytes: [UInt8], _ place: String, _ take: ([UInt8]) throws(CommandError) -> Void
  ) throws(CommandError) {
    guard mends else {
      throw CommandError(
        message: "\(place): a message of before format 2", hint: "'varve export' converts it.",
        exit: .found)
    }
    let batches: [RecordBatch]
    do throws(LogError) {
      batches = try LegacyBatches.made(of: bytes)
      for batch in batches { try chain.append(batch.header) }
    } catch {
      count.lost.append("\(place): \(error.message)")
      return
    }
    for batch in batches {
      count.converted += Int(batch.header.recordCount)
      count.batches += 1
      count.bytes += batch.byteCount
      try take(batch.bytes.withUnsafeBytes { Array($0) })
    }
  }
}

/// Messages of before format 2 as batches: one for each, compressed ones opened.
enum LegacyBatches {
  static func made(of bytes: [UInt8]) throws(LogError) -> [RecordBatch] {
    var walk = LegacyMessageWalk(bytes.span.bytes)
    let reader = LegacyMessageReader()
    var batches: [RecordBatch] = []
    while let message = try walk.next() {
      let records = try reader.records(of: message)
      guard let first = records.first, let last = records.last else { continue }
      var options = BatchOptions()
      options.baseOffset = first.offset
      options.lastOffset = last.offset
      if first.timestampType == .appendTime { options.appendTime = first.record.timestamp }
      var builder = try RecordBatchBuilder(options)
      for record in records { try builder.append(record.record, offset: record.offset) }
      if let batch = builder.finish() { batches.append(batch) }
    }
    return batches
  }
}
