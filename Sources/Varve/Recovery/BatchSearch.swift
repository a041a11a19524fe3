internal import VarveSystem

/// Looks behind the last batch of a segment for what else is there: nothing but zeros, rest of a
/// batch, or batches that the segment goes on with behind a damaged one.
struct BatchSearch {
  /// Whether the file system tells where nothing was written to: then that is not read.
  let knowsHoles: Bool
  let file: OpenFile
  let baseOffset: Offset
  let byteCount: Int
  /// The first offset that a batch may have, and the first that it may not.
  let offsets: Range<Offset>
  /// Bytes that were read so far.
  var readByteCount: Int { reads.byteCount }
  private let reads = ReadCount()

  init(
    knowsHoles: Bool, file: OpenFile, baseOffset: Offset, byteCount: Int, offsets: Range<Offset>
  ) {
    self.knowsHoles = knowsHoles
    self.file = file
    self.baseOffset = baseOffset
    self.byteCount = byteCount
    self.offsets = offsets
  }

  /// What lies behind a place.
  struct Finding {
    /// Whether anything but zeros does.
    var hasRest: Bool
    /// Where the segment goes on.
    var batch: SegmentEnd?
  }

  /// What lies at a position, and behind it.
  func look(from position: Int) throws(SystemError) -> Finding {
    guard let start = try firstByte(from: position) else { return Finding(hasRest: false) }
    // A batch has its header first, whatever happens while the rest is written. So a header says how
    // far a torn batch reaches, and what lies within is its records', even if it looks like a batch:
    // records may hold batches, and somebody may see to it that they do.
    guard let header = try expectedHeader(at: position) else {
      return Finding(hasRest: true, batch: try search(from: start))
    }
    return Finding(hasRest: true, batch: try batch(behind: header, at: position))
  }
}

// MARK: The batch that is not whole

extension BatchSearch {
  /// The header of the batch that comes next, where that is in place.
  private func expectedHeader(at position: Int) throws(SystemError) -> BatchHeader? {
    let count = FormatLimits.batchHeaderByteCount
    let buffer = ByteStorage(capacity: count)
    guard try unsafe file.read(into: buffer.memory, at: position) == count else { return nil }
    // SAFETY: all of the buffer was read, and it outlives the span.
    defer { withExtendedLifetime(buffer) {} }
    reads.byteCount += count
    let bytes = unsafe RawSpan(_unsafeStart: buffer.base, byteCount: count)
    guard let header = try? BatchHeader(parsing: bytes, at: 0),
      header.baseOffset == offsets.lowerBound
    else { return nil }
    return header
  }

  /// The batch behind one that is not whole, or is damaged.
  private func batch(
    behind header: BatchHeader, at position: Int
  ) throws(SystemError) -> SegmentEnd? {
    let next = position + header.byteCount
    let found = next < byteCount ? try wholeBatch(at: next) : nil
    if let found, found.offset == header.nextOffset { return found }
    // The size may be what is damaged. The checksum does not cover it, and holds up to the true end.
    if let other = try batch(behind: position, checksum: header.checksum) { return other }
    if let found { return found }
    return next < byteCount ? try search(from: next) : nil
  }

  /// The batch that begins where the one before it ends by its checksum.
  private func batch(
    behind position: Int, checksum: UInt32
  ) throws(SystemError) -> SegmentEnd? {
    var end = position + BatchHeader.checksummedFrom
    var sum: UInt32 = 0
    return try search(from: position + FormatLimits.batchHeaderByteCount) {
      start throws(SystemError) in
      sum = try self.checksum(of: end..<start, continuing: sum)
      end = start
      return sum == checksum ? try wholeBatch(at: start) : nil
    }
  }

  private func checksum(
    of range: Range<Int>, continuing sum: UInt32
  ) throws(SystemError) -> UInt32 {
    var (position, sum) = (range.lowerBound, sum)
    let buffer = ByteStorage(capacity: min(max(1, range.count), LogLimits.readByteCount))
    while position < range.upperBound {
      let count = min(try read(buffer, at: position), range.upperBound - position)
      guard count > 0 else { break }
      // SAFETY: so much of the buffer was read.
      let bytes = unsafe RawSpan(_unsafeStart: buffer.base, byteCount: count)
      sum = CRC32C.checksum(of: bytes, continuing: sum)
      position += count
    }
    return sum
  }

  /// Where anything but zeros stands first.
  private func firstByte(from position: Int) throws(SystemError) -> Int? {
    let buffer = ByteStorage(capacity: LogLimits.readByteCount)
    for range in try writtenRanges(from: position) {
      var position = range.lowerBound
      while position < range.upperBound {
        let count = min(try read(buffer, at: position), range.upperBound - position)
        guard count > 0 else { return nil }
        let bytes = unsafe UnsafeRawBufferPointer(start: buffer.base, count: count)
        if let index = unsafe bytes.firstNonzeroIndex { return position + index }
        position += count
      }
    }
    return nil
  }

  /// What need be looked at. Segments are allocated far ahead of their ends, and the space that
  /// nothing was written to reads as zeros, more slowly than batches do: it is in no cache.
  ///
  /// All of them before the first is read: what the kernel reads ahead passes for written then.
  private func writtenRanges(from position: Int) throws(SystemError) -> [Range<Int>] {
    guard knowsHoles else { return position < byteCount ? [position..<byteCount] : [] }
    var ranges: [Range<Int>] = []
    var position = position
    while position < byteCount, let range = try file.nextData(from: position), !range.isEmpty {
      ranges.append(range.clamped(to: 0..<byteCount))
      position = range.upperBound
    }
    return ranges
  }

  private func read(
    _ buffer: ByteStorage, at position: Int
  ) throws(SystemError) -> Int {
    // SAFETY: within the buffer, which the caller has alone.
    let count = try unsafe file.read(
      into: UnsafeMutableRawBufferPointer(
        start: buffer.base, count: min(buffer.capacity, byteCount - position)), at: position)
    reads.byteCount += count
    return count
  }
}

// MARK: The batches behind it

extension BatchSearch {
  /// Batches that follow each other are no accident, and neither are such that end where the file
  /// does.
  private static let convincingCount = 3

  /// Where the segment goes on.
  private func search(from position: Int) throws(SystemError) -> SegmentEnd? {
    try search(from: position) { start throws(SystemError) in
      guard let batch = try wholeBatch(at: start), try goesOn(from: batch) else { return nil }
      return batch
    }
  }

  /// The first place of which `look` says so. Where batches begin is not known, so every byte is a
  /// candidate, and nearly all are refused by one look.
  private func search(
    from position: Int, _ look: (Int) throws(SystemError) -> SegmentEnd?
  ) throws(SystemError) -> SegmentEnd? {
    let header = FormatLimits.batchHeaderByteCount
    let buffer = ByteStorage(capacity: LogLimits.readByteCount)
    var start = position
    while byteCount - start >= header {
      let count = try read(buffer, at: start)
      guard count >= header else { return nil }
      for index in 0...count - header {
        // SAFETY: the buffer was filled so far.
        let bytes = unsafe RawSpan(_unsafeStart: buffer.base, byteCount: count)
        guard bytes.bigEndian(at: index + BatchHeader.prefixWithMagic - 1, as: Int8.self) == 2,
          let found = try? BatchHeader(parsing: bytes, at: index),
          isPossible(found, start + index), let batch = try look(start + index)
        else { continue }
        return batch
      }
      // A header that lies across the end of what was read is looked at with what follows.
      start += count - header + 1
    }
    return nil
  }

  private func isPossible(_ header: BatchHeader, _ position: Int) -> Bool {
    offsets.contains(header.baseOffset) && header.nextOffset <= offsets.upperBound
      && header.byteCount <= byteCount - position
  }

  /// The batch that begins at a place, if one does, and all of it is there.
  private func wholeBatch(at position: Int) throws(SystemError) -> SegmentEnd? {
    var stream = stream(from: SegmentEnd(offset: offsets.lowerBound, position: position))
    defer { reads.byteCount += stream.readByteCount }
    guard try stream.goToBatch(in: file), isPossible(stream.currentHeader, position) else {
      return nil
    }
    return SegmentEnd(offset: stream.currentHeader.baseOffset, position: position)
  }

  /// Whether more follows a batch than would if its bytes were a record's.
  private func goesOn(from batch: SegmentEnd) throws(SystemError) -> Bool {
    var stream = stream(from: batch)
    defer { reads.byteCount += stream.readByteCount }
    var count = 0
    while count < Self.convincingCount, try stream.goToBatch(in: file) { count += 1 }
    if count == Self.convincingCount { return true }
    return try firstByte(from: stream.position) == nil
  }

  private func stream(from end: SegmentEnd) -> BatchStream {
    BatchStream(
      baseOffset: baseOffset, from: end.position, limit: byteCount,
      chain: BatchChain(from: end.offset, continuity: .gapsAllowed))
  }
}

extension BatchStream {
  /// Goes to the next batch; false where none begins that is whole.
  fileprivate mutating func goToBatch(in file: OpenFile) throws(SystemError) -> Bool {
    while true {
      guard let step = try? advance() else { return false }
      switch step {
      case .batch: return true
      case .end: return false
      case .needsBytes: guard try fill(from: file) else { return false }
      }
    }
  }
}

extension UnsafeRawBufferPointer {
  /// The first byte that is not zero, looked for by words: most of what this sees are zeros.
  fileprivate var firstNonzeroIndex: Int? {
    var index = 0
    // SAFETY: each word lies within the buffer.
    while index + 8 <= count,
      unsafe loadUnaligned(fromByteOffset: index, as: UInt64.self) == 0
    {
      index += 8
    }
    return unsafe self[index...].firstIndex { $0 != 0 }
  }
}

/// Counts what a search reads, which is a value otherwise.
private final class ReadCount {
  var byteCount = 0
}
