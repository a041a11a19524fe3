import Testing

@testable import VarveFormat

/// Every single bit of a batch between two others is flipped.
///
/// The checksum covers all from byte 21 on, so a flip there is always found. It does not cover
/// bytes 0 to 20: the base offset, the length, the leader's epoch, the version, and itself. A
/// flip in the version or the checksum is found at once. A flip in the length moves the end of
/// what the checksum is taken of, so that fails. A flip in the offset or the epoch leaves a batch
/// that is right by itself, and only the chain sees it: its neighbours do not fit any more.
@Suite struct BitFlipTests {
  static let middle = 0..<21

  /// Three batches as a leader appends them, all of one reign.
  private func threeBatches() throws -> (bytes: [UInt8], middle: Range<Int>) {
    var bytes: [UInt8] = []
    var range = 0..<0
    for index in 0..<3 {
      var options = BatchOptions()
      options.baseOffset = Offset(rawValue: 1000 + Int64(index) * 2)
      options.leaderEpoch = 5
      let batch = try RecordBatch.small(options).array
      if index == 1 { range = bytes.count..<bytes.count + batch.count }
      bytes += batch
    }
    return (bytes, range)
  }

  /// Reads batch by batch as recovery does; the error that ends the reading, if one does.
  private func read(_ bytes: [UInt8], _ continuity: BatchChain.Continuity) -> LogError? {
    var chain = BatchChain(from: 1000, leaderEpoch: 5, continuity: continuity)
    return error {
      var walk = BatchWalk(bytes.span.bytes)
      while var batch = try walk.next() {
        try batch.validate(as: .log)
        try chain.append(batch.header)
      }
      guard walk.remainingByteCount == 0 else {
        throw LogError.breach(.batchIsComplete, atByte: walk.position)
      }
    }
  }

  @Test func nothingIsFoundInWhatIsRight() throws {
    let bytes = try threeBatches().bytes
    #expect(read(bytes, .contiguous) == nil)
    #expect(read(bytes, .gapsAllowed) == nil)
  }

  @Test func everyFlippedBitIsFound() throws {
    let (bytes, middle) = try threeBatches()
    var missed: [Int] = []
    for bit in middle.lowerBound * 8..<middle.upperBound * 8 {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << (bit % 8)
      if read(damaged, .contiguous) == nil { missed.append(bit) }
    }
    #expect(missed.isEmpty)
  }

  /// Alone, without its neighbours, a batch does not tell where it belongs: exactly its base offset
  /// and its epoch can change unnoticed. Bit 63 makes the offset negative, which is never right.
  @Test func aloneABatchDoesNotKnowItsPlace() throws {
    let batch = try RecordBatch.small().array
    var unnoticed: [Int] = []
    for bit in 0..<batch.count * 8 {
      var damaged = batch
      damaged[bit / 8] ^= 1 << (7 - bit % 8)
      if error({ try RecordBatch(validating: damaged, as: .log) }) == nil { unnoticed.append(bit) }
    }
    #expect(unnoticed == Array(1..<64) + Array(96..<128))
  }

  /// With gaps, as in a compacted log, a base offset that grew a little looks like a gap, unless
  /// the next batch then comes too early: which it does for every flip that no gap absorbs.
  @Test func gapsHideNoFlipBetweenNeighbours() throws {
    let (bytes, middle) = try threeBatches()
    for bit in 0..<64 {
      var damaged = bytes
      damaged[middle.lowerBound + bit / 8] ^= 1 << (bit % 8)
      #expect(read(damaged, .gapsAllowed) != nil)
    }
  }
}
