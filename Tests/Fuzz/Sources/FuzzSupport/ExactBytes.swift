/// Bytes in an allocation that is not one byte longer, so that AddressSanitizer sees whoever goes
/// beyond them. An array has room to spare, in which nobody would notice.
public struct ExactBytes: ~Copyable {
  private let memory: UnsafeMutableRawBufferPointer

  /// A copy of some bytes.
  public init(_ bytes: [UInt8]) {
    memory = .allocate(byteCount: bytes.count, alignment: 1)
    memory.copyBytes(from: bytes)
  }

  deinit { memory.deallocate() }

  /// How many there are.
  public var count: Int { memory.count }

  /// The bytes, to read.
  public var span: RawSpan {
    @_lifetime(borrow self) get {
      _overrideLifetime(RawSpan(_unsafeBytes: memory), borrowing: self)
    }
  }

  /// The bytes, to write.
  public var mutableSpan: MutableRawSpan {
    @_lifetime(&self) mutating get {
      _overrideLifetime(MutableRawSpan(_unsafeBytes: memory), mutating: &self)
    }
  }

  /// Changes a byte behind the back of everyone who reads, as another process does that has the
  /// same file mapped.
  public func tamper(at position: Int, with byte: UInt8) {
    memory.storeBytes(of: byte, toByteOffset: position, as: UInt8.self)
  }

  /// A copy of them.
  public var array: [UInt8] { Array(memory) }
}
