// The one place that knows which codecs' libraries this build has.
extension CompressionCodec {
  /// Whether this build can look inside what the codec compressed: whether its trait is on.
  public var isBuiltIn: Bool {
    switch self {
    case .none: return true
    case .gzip:
      #if Gzip
        return true
      #else
        return false
      #endif
    case .snappy:
      #if Snappy
        return true
      #else
        return false
      #endif
    case .lz4:
      #if LZ4
        return true
      #else
        return false
      #endif
    case .zstd:
      #if Zstd
        return true
      #else
        return false
      #endif
    }
  }

  /// What whoever needs the codec's library is told.
  var unsupported: LogError {
    LogError(
      .unsupported,
      "\(self) is not built in; the package trait \(traitName ?? "") adds it")
  }

  /// What undoes the codec's work.
  func makeReader() throws(LogError) -> any CodecReader {
    switch self {
    case .none: break
    case .gzip:
      #if Gzip
        return try GzipReader()
      #endif
    case .snappy:
      #if Snappy
        return SnappyReader()
      #endif
    case .lz4:
      #if LZ4
        return LZ4Reader()
      #endif
    case .zstd:
      #if Zstd
        return try ZstdReader()
      #endif
    }
    throw unsupported
  }
}

extension Compression {
  /// What does the codec's work.
  func makeWriter() throws(LogError) -> any CodecWriter {
    switch codec {
    case .none: break
    case .gzip:
      #if Gzip
        return try GzipWriter(level: level)
      #endif
    case .snappy:
      #if Snappy
        return SnappyWriter()
      #endif
    case .lz4:
      #if LZ4
        return LZ4Writer(level: level)
      #endif
    case .zstd:
      #if Zstd
        return try ZstdWriter(level: level)
      #endif
    }
    throw codec.unsupported
  }
}
