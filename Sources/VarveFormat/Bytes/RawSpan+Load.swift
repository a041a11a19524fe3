// Kafka's integers are big-endian and lie where they happen to lie, so every load is unaligned.
extension RawSpan {
  /// The integer at `position`; out of bounds is a programming error and traps.
  @inlinable @inline(__always)
  package func bigEndian<T: FixedWidthInteger & BitwiseCopyable>(
    at position: Int, as type: T.Type = T.self
  ) -> T {
    // SAFETY: every bit pattern is a valid integer, and the load checks its bounds.
    T(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: position, as: T.self))
  }

  /// The integer at `position`, least significant byte first, as codecs' frames have theirs.
  @inline(__always)
  func littleEndian<T: FixedWidthInteger & BitwiseCopyable>(
    at position: Int, as type: T.Type = T.self
  ) -> T {
    bigEndian(at: position, as: type).byteSwapped
  }

  /// The byte at `position`; out of bounds is a programming error and traps.
  @inlinable @inline(__always)
  package func byte(at position: Int) -> UInt8 {
    // SAFETY: every bit pattern is a valid byte, and the load checks its bounds.
    unsafe unsafeLoad(fromByteOffset: position, as: UInt8.self)
  }

  /// A span of these bytes, of which the caller knows that they lie within.
  @inlinable @inline(__always)
  @_lifetime(copy self)
  package func slice(_ start: Int, count: Int) -> RawSpan {
    extracting(start..<start &+ count)
  }

  /// Whether two spans hold the same bytes.
  public func elementsEqual(_ other: RawSpan) -> Bool {
    guard byteCount == other.byteCount else { return false }
    for position in 0..<byteCount where byte(at: position) != other.byte(at: position) {
      return false
    }
    return true
  }
}

extension Array where Element == UInt8 {
  /// Copies bytes out of a span.
  public init(_ span: RawSpan) {
    // SAFETY: the span is only read within the closure, and all of the array is filled.
    self = unsafe span.withUnsafeBytes { unsafe Array($0) }
  }

  /// Copies bytes out of a span, if there is one.
  public init?(copying span: RawSpan?) {
    guard let span else { return nil }
    self.init(span)
  }
}

extension String {
  /// Reads bytes as UTF-8; what is not valid becomes U+FFFD.
  public init(decoding span: RawSpan) {
    // SAFETY: the span is only read within the closure.
    self = unsafe span.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
  }
}

extension [UInt8]? {
  /// The bytes, where there are any.
  @inlinable @inline(__always)
  package var span: RawSpan? {
    @_lifetime(borrow self) get {
      guard let bytes = self else { return nil }
      // SAFETY: the elements lie in the array's own storage, which self keeps alive and unchanged
      // for as long as it is borrowed; all of them are initialized.
      return unsafe _overrideLifetime(bytes.span.bytes, borrowing: self)
    }
  }
}
