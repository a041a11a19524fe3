#if Gzip
  internal import CZlib

  // SAFETY: `stream` is allocated, begun and ended here, and never leaves. zlib keeps a pointer to
  // it in its own state, hence a place of its own that does not move.
  /// Compresses into one gzip member without a name or a time.
  @safe
  final class GzipWriter: CodecWriter {
    private let stream: UnsafeMutablePointer<z_stream>

    init(level: Int?) throws(LogError) {
      unsafe stream = .allocate(capacity: 1)
      unsafe stream.initialize(to: z_stream())
      let status = unsafe deflateInit2_(
        stream, Int32(level ?? -1), Z_DEFLATED, Zlib.gzipWindow, Zlib.memoryLevel,
        Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
      guard status == Z_OK else { throw .noMemory(for: .gzip) }
    }

    deinit {
      // SAFETY: of a stream that did not begin, zlib only says that there is none.
      unsafe deflateEnd(stream)
      unsafe stream.deallocate()
    }

    func compress(_ bytes: RawSpan, into output: inout GrowingBytes) throws(LogError) {
      let status = unsafe bytes.withUnsafeBytes { input in
        // SAFETY: zlib reads from the input alone, which stays for the closure, and writes to the
        // room, which is as long as it wants it to be.
        unsafe deflateReset(stream)
        let room = unsafe output.room(for: Int(deflateBound(stream, UInt(input.count))))
        unsafe stream.pointee.next_in = Zlib.readable(input)
        unsafe stream.pointee.avail_in = UInt32(input.count)
        unsafe stream.pointee.next_out = Zlib.writable(room)
        unsafe stream.pointee.avail_out = UInt32(clamping: room.count)
        let offered = unsafe stream.pointee.avail_out
        let status = unsafe deflate(stream, Z_FINISH)
        unsafe output.append(Int(offered - stream.pointee.avail_out))
        return status
      }
      guard status == Z_STREAM_END else { throw .noMemory(for: .gzip) }
    }
  }
#endif
