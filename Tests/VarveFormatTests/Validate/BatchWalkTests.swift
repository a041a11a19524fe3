import Testing

@testable import VarveFormat

@Suite struct BatchWalkTests {
  /// Cut at every byte, a run of batches yields those that are whole, and no error.
  @Test func everyCutEndsQuietly() throws {
    let one = try RecordBatch.small().array
    let bytes = one + one + one
    for count in 0...bytes.count {
      let (positions, remainder) = try walk(Array(bytes[..<count]))
      #expect(positions == (0..<count / one.count).map { $0 * one.count })
      #expect(remainder == count % one.count)
    }
  }

  /// A preallocated file ends in zeros, which are no batch and not the beginning of one.
  @Test func zerosAreNoBatch() throws {
    let one = try RecordBatch.small().array
    let bytes = one + [UInt8](repeating: 0, count: 100)
    let error = try #require(error { try walk(bytes) })
    #expect(error.code == .corrupt)
    #expect(error.breach == FormatBreach(.batchLength, atByte: one.count + 8))
    // Too few zeros for a header are a torn tail like any other.
    #expect(try walk(one + [UInt8](repeating: 0, count: 17)).remainder == 17)
  }

  @Test func theWalkStaysBeforeWhatItRefuses() throws {
    let one = try RecordBatch.small().array
    let bytes = one + one.replacing(8, with: bigEndian(Int32(10)))
    var walk = BatchWalk(bytes.span.bytes)
    let first = try walk.next()?.header
    #expect(first != nil)
    for _ in 0..<2 {
      let rule = error { try walk.next()?.header }?.breach
      #expect(rule == FormatBreach(.batchLength, atByte: one.count + 8))
      let position = walk.position
      #expect(position == one.count)
    }
  }

  @Test func aPromiseBeyondTheBytesIsSeen() throws {
    let huge = try RecordBatch.small().array.replacing(8, with: bigEndian(Int32.max))
    var walk = BatchWalk(huge.span.bytes)
    let promised = try walk.nextByteCount()
    #expect(promised == Int(Int32.max) + 12)
    let next = try walk.next()?.header
    #expect(next == nil)
  }

  private func walk(_ bytes: [UInt8]) throws -> (positions: [Int], remainder: Int) {
    var walk = BatchWalk(bytes.span.bytes)
    var positions: [Int] = []
    while let batch = try walk.next() {
      positions.append(walk.batchPosition)
      #expect(batch.bytes.byteCount == walk.position - walk.batchPosition)
    }
    return (positions, walk.remainingByteCount)
  }
}
