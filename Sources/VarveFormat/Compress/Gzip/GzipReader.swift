#if Gzip
  internal import CZlib

  // SAFETY: `stream` is allocated, begun and ended here, and never leaves. zlib keeps a pointer to
  // it in its own state, hence a place of its own that does not move.
  /// Undoes gzip: one member, or several back to back.
  @safe
  final class GzipReader: CodecReader {
    private let stream: UnsafeMutablePointer<z_stream>

    /// What a byte may become without being unusual. In deflate it may become 1032, but a claim of
    /// so much gets no memory before it comes true.
    private static let likelyGrowth = 32

    /// The least that is made room for.
    private static let smallestRoom = 512

    init() throws(LogError) {
      unsafe stream = .allocate(capacity: 1)
      unsafe stream.initialize(to: z_stream())
      let status = unsafe inflateInit2_(
        stream, Zlib.gzipWindow, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
      guard status == Z_OK else { throw .noMemory(for: .gzip) }
    }

    deinit {
      // SAFETY: of a stream that did not begin, zlib only says that there is none.
      unsafe inflateEnd(stream)
      unsafe stream.deallocate()
    }

    func decompress(_ bytes: RawSpan, into output: inout GrowingBytes) throws(LogError) {
      var position = 0
      repeat {
        position += try member(of: bytes, at: position, into: &output)
        // As Java's reader has it: what is no further member is not looked at.
      } while Self.memberBegins(in: bytes, at: position)
      try output.checkLimit()
    }

    private static func memberBegins(in bytes: RawSpan, at position: Int) -> Bool {
      bytes.byteCount - position >= 3 && bytes.byte(at: position) == 0x1f
        && bytes.byte(at: position + 1) == 0x8b && bytes.byte(at: position + 2) == 8
    }

    /// Undoes one member and returns how many bytes it has.
    private func member(
      of bytes: RawSpan, at start: Int, into output: inout GrowingBytes
    ) throws(LogError) -> Int {
      let rest = bytes.slice(start, count: bytes.byteCount - start)
      let claim = Self.claim(of: rest)
      return try unsafe rest.withUnsafeBytes { input throws(LogError) in
        // SAFETY: zlib reads from the input alone, which stays for the closure, and writes to the
        // room that it is given in each turn.
        unsafe inflateReset(stream)
        unsafe stream.pointee.next_in = Zlib.readable(input)
        unsafe stream.pointee.avail_in = UInt32(input.count)
        while true {
          let room = try unsafe output.room(growingFrom: claim)
          unsafe stream.pointee.next_out = Zlib.writable(room)
          unsafe stream.pointee.avail_out = UInt32(room.count)
          let status = unsafe inflate(stream, Z_FINISH)
          let isFull = unsafe stream.pointee.avail_out == 0
          unsafe output.append(room.count - Int(stream.pointee.avail_out))
          let consumed = unsafe input.count - Int(stream.pointee.avail_in)
          if status == Z_STREAM_END { return consumed }
          try check(status, isFull: isFull, at: start + consumed)
        }
      }
    }

    /// Goes on where there was no room, and refuses everything else.
    private func check(_ status: Int32, isFull: Bool, at byte: Int) throws(LogError) {
      switch status {
      case Z_OK where isFull, Z_BUF_ERROR where isFull: return
      case Z_OK, Z_BUF_ERROR: throw .damagedStream(atByte: byte, "gzip ends before its end")
      case Z_MEM_ERROR: throw .noMemory(for: .gzip)
      default:
        let words = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
        throw .damagedStream(atByte: byte, "zlib says: \(words ?? "status \(status)")")
      }
    }

    /// What the last four bytes say of how much comes out, as far as that is likely.
    private static func claim(of bytes: RawSpan) -> Int {
      guard bytes.byteCount >= 4 else { return smallestRoom }
      let size = bytes.littleEndian(at: bytes.byteCount - 4, as: UInt32.self)
      return max(smallestRoom, min(Int(size), bytes.byteCount * likelyGrowth))
    }
  }
#endif
