#if Zstd
  internal import CZstd

  // SAFETY: `context` is created and freed here, and used by libzstd's calls alone.
  /// Undoes Zstandard: one frame, or several back to back.
  ///
  /// Each frame goes in one call straight to where its content will be. libzstd's streaming calls
  /// would take memory for the window that a frame claims, 128 MiB for some 20 bytes of input.
  @safe
  final class ZstdReader: CodecReader {
    private let context: OpaquePointer

    /// What a byte may become without being unusual; it may become 32,768.
    private static let likelyGrowth = 16

    /// The least that is made room for.
    private static let smallestRoom = 1 << 10

    init() throws(LogError) {
      guard let context = unsafe ZSTD_createDCtx() else { throw .noMemory(for: .zstd) }
      unsafe self.context = context
    }

    deinit { unsafe ZSTD_freeDCtx(context) }

    func decompress(_ bytes: RawSpan, into output: inout GrowingBytes) throws(LogError) {
      var position = 0
      repeat {
        let rest = bytes.slice(position, count: bytes.byteCount - position)
        guard Self.frameBegins(rest) else {
          throw .damagedStream(atByte: position, "no zstd frame")
        }
        let byteCount = unsafe rest.withUnsafeBytes {
          unsafe ZSTD_findFrameCompressedSize($0.baseAddress, $0.count)
        }
        guard ZSTD_isError(byteCount) == 0, byteCount <= rest.byteCount else {
          throw Self.refusal(of: byteCount, at: position)
        }
        try decompress(frame: rest.slice(0, count: byteCount), at: position, into: &output)
        position += byteCount
      } while position < bytes.byteCount
      try output.checkLimit()
    }

    /// Whether a frame begins, or one to be skipped. libzstd may know older formats, too; nobody
    /// else reads those.
    private static func frameBegins(_ bytes: RawSpan) -> Bool {
      guard bytes.byteCount >= 4 else { return false }
      let magic: UInt32 = bytes.littleEndian(at: 0)
      return magic == ZSTD_MAGICNUMBER || magic & 0xffff_fff0 == ZSTD_MAGIC_SKIPPABLE_START
    }

    /// Undoes one frame, as often as it takes to find out how much room that needs.
    private func decompress(
      frame: RawSpan, at position: Int, into output: inout GrowingBytes
    ) throws(LogError) {
      var wanted = max(Self.smallestRoom, Self.likelyByteCount(of: frame))
      while true {
        let room = try unsafe output.room(growingFrom: wanted)
        let byteCount = unsafe frame.withUnsafeBytes {
          // SAFETY: libzstd reads from the frame alone, and writes no more than there is room for.
          unsafe ZSTD_decompressDCtx(
            context, room.baseAddress, room.count, $0.baseAddress, $0.count)
        }
        guard ZSTD_isError(byteCount) != 0 else { return output.append(byteCount) }
        guard ZSTD_getErrorCode(byteCount) == ZSTD_error_dstSize_tooSmall else {
          throw Self.refusal(of: byteCount, at: position)
        }
        // As much as there may be, and one byte, and that is not enough.
        guard room.count <= output.limit - output.count else { throw output.tooMany }
        wanted = 2 * room.count
      }
    }

    /// What a frame says of its content's size, as far as that is likely.
    private static func likelyByteCount(of frame: RawSpan) -> Int {
      let claim = unsafe frame.withUnsafeBytes {
        unsafe ZSTD_getFrameContentSize($0.baseAddress, $0.count)
      }
      let likely = frame.byteCount * likelyGrowth
      return claim < UInt64(likely) ? Int(claim) : likely
    }

    private static func refusal(of status: Int, at byte: Int) -> LogError {
      guard ZSTD_getErrorCode(status) != ZSTD_error_memory_allocation else {
        return .noMemory(for: .zstd)
      }
      let words = unsafe String(cString: ZSTD_getErrorName(status))
      return .damagedStream(atByte: byte, "libzstd says: \(words)")
    }
  }
#endif
