#if Zstd
  internal import CZstd

  // SAFETY: `context` is created and freed here, and used by libzstd's calls alone.
  /// Compresses into one Zstandard frame.
  @safe
  final class ZstdWriter: CodecWriter {
    private let context: OpaquePointer

    init(level: Int?) throws(LogError) {
      guard let context = unsafe ZSTD_createCCtx() else { throw .noMemory(for: .zstd) }
      unsafe self.context = context
      guard let level else { return }
      let status = unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
      guard ZSTD_isError(status) == 0 else {
        throw LogError(.invalidArgument, "this libzstd has no level \(level)")
      }
    }

    deinit { unsafe ZSTD_freeCCtx(context) }

    func compress(_ bytes: RawSpan, into output: inout GrowingBytes) throws(LogError) {
      let room = unsafe output.room(for: ZSTD_compressBound(bytes.byteCount))
      let byteCount = unsafe bytes.withUnsafeBytes {
        // SAFETY: libzstd reads from the bytes alone, and writes no more than there is room for.
        unsafe ZSTD_compress2(context, room.baseAddress, room.count, $0.baseAddress, $0.count)
      }
      // With that much room, nothing else can be missing.
      guard ZSTD_isError(byteCount) == 0 else { throw .noMemory(for: .zstd) }
      output.append(byteCount)
    }
  }
#endif
