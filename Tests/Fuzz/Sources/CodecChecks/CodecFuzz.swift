public import FuzzSupport
public import Varve

/// What holds for each codec, whatever it is fed: streams, contents, and batches.
public enum CodecFuzz {
  /// The most that may come out: so little that the harness's copies fit beside it.
  static let limit = 1 << 16

  /// Tries one input with a codec, at one of some levels.
  public static func test(
    _ input: inout FuzzInput, _ codec: CompressionCodec, levels: [Int?]
  ) {
    do throws(LogError) {
      let compression = try Compression(codec, level: input.element(of: levels))
      switch input.choice(3) {
      case 0: try StreamCheck.run(input.rest(), compression)
      case 1: try ContentCheck.run(&input, compression)
      default: try BatchCheck.run(&input, compression)
      }
    } catch {
      fail("what must be possible was refused: \(error)")
    }
  }
}

extension Decompressor {
  /// What comes out of a stream, or nil, and then for a reason that a stream may give.
  mutating func outcome(of stream: [UInt8], _ codec: CompressionCodec) -> [UInt8]? {
    let memory = ExactBytes(stream)
    do throws(LogError) {
      let out = Array(try decompress(memory.span, codec))
      check(out.count <= maximumByteCount, "\(out.count) bytes came out")
      return out
    } catch {
      switch error.code {
      case .corrupt:
        checkEqual(error.breach?.rule, .compressedStream, "a refusal")
        check((0...stream.count).contains(error.breach?.byte ?? -1), "no such byte: \(error)")
      case .full: break
      default: fail("a stream refused: \(error)")
      }
      return nil
    }
  }
}

extension Compressor {
  /// A copy of what becomes of bytes.
  mutating func stream(of bytes: [UInt8]) throws(LogError) -> [UInt8] {
    let memory = ExactBytes(bytes)
    return Array(try compress(memory.span))
  }
}
