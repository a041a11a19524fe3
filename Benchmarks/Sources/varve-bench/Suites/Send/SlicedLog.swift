import BenchHarness
import Glibc
import Varve

// SAFETY: all that it has is set when it is made.
/// A log in memory, cut into slices that are all of one size, and the file that they lie in.
final class SlicedLog: @unchecked Sendable {
  let log: Log
  let slices: [LogSlice]
  let file: Int32
  private let directory: WorkDirectory

  /// - Parameter sliceByteCount: A batch has so many bytes, and is a slice.
  init(_ sliceByteCount: Int, byteCount: Int, in surroundings: Surroundings) throws {
    directory = try surroundings.makeDirectory()
    log = try LogUnderTest.open(
      in: directory,
      AppendPlan(
        BatchShape(valueSize: 1, recordCount: 1), byteCount: 1 << 30, segmentByteCount: 1 << 30,
        aheadByteCount: 0))
    let count = byteCount / sliceByteCount
    let batch = try Self.batch(sliceByteCount)
    for _ in 0..<count { try log.append(batch) }
    let reader = ZeroCopyReader(log)
    slices = try (0..<count).map { number in
      guard
        let slice = try reader.slice(
          from: .offset(Offset(rawValue: Int64(number))), maximumByteCount: 1),
        slice.byteCount == sliceByteCount
      else { throw WrongSlice() }
      return slice
    }
    file = try slices[0].withDescriptor { descriptor, _, _ in dup(descriptor) }
  }

  struct WrongSlice: Error {}

  func close() throws {
    Glibc.close(file)
    try LogUnderTest.close(log)
    try directory.remove()
  }

  /// A batch of one record that has so many bytes in all: its lengths take more or fewer bytes as the
  /// value grows, so it is looked for.
  private static func batch(_ byteCount: Int) throws -> RecordBatch {
    for valueSize in stride(from: byteCount - 60, to: byteCount - 90, by: -1) {
      let batch = try BatchShape(valueSize: valueSize, recordCount: 1).batch()
      if batch.byteCount == byteCount { return batch }
    }
    throw WrongSlice()
  }
}
