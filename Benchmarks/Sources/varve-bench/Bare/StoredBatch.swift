import Varve

/// A batch's bytes as they are in a file, for code that knows only bytes.
final class StoredBatch {
  let bytes: UnsafeRawBufferPointer

  init(_ shape: BatchShape) throws {
    let batch = try shape.batch()
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: batch.byteCount, alignment: 64)
    batch.bytes.withUnsafeBytes { copy.copyMemory(from: $0) }
    bytes = UnsafeRawBufferPointer(copy)
  }

  deinit { bytes.deallocate() }
}
