// SAFETY: only this struct has the storage while it is written to: `take` gives it away together
// with self, and a span of it depends on self. `base` is the storage's own, and stands here because
// Swift 6.3.1 cannot compile a span at -O whose pointer comes out of a class.
/// What comes out of a codec, in memory that grows with it and is used again for the next.
@safe
struct GrowingBytes: ~Copyable {
  /// How many bytes may come out.
  let limit: Int
  /// How many have.
  private(set) var count = 0
  private var storage: ByteStorage?
  private var base: UnsafeMutableRawPointer?

  /// Memory beyond this is not kept for the sake of small streams that follow a large one: four
  /// times the largest batch that Kafka takes as it comes.
  private static let keptByteCount = 4 << 20

  init(limit: Int) { self.limit = limit }

  var capacity: Int { storage?.capacity ?? 0 }

  /// Forgets the bytes, and keeps their memory.
  mutating func removeAll() {
    if capacity > Self.keptByteCount, count <= Self.keptByteCount {
      storage = nil
      unsafe base = nil
    }
    count = 0
  }

  /// Memory behind the bytes, so much at least.
  mutating func room(for byteCount: Int) -> UnsafeMutableRawBufferPointer {
    let storage = storage(for: count + byteCount)
    // SAFETY: the storage has room for the bytes, and for so many more.
    return unsafe UnsafeMutableRawBufferPointer(rebasing: storage.memory[count...])
  }

  /// Memory behind the bytes, as much as there is, and so much at least; but no more than what
  /// reaches one byte beyond the limit, which tells that there is more.
  mutating func room(growingFrom byteCount: Int) throws(LogError) -> UnsafeMutableRawBufferPointer {
    try checkLimit()
    let rest = limit - count + 1
    let room = unsafe room(for: min(max(byteCount, 1), rest))
    return unsafe UnsafeMutableRawBufferPointer(rebasing: room.prefix(rest))
  }

  /// Counts bytes that were written to the room.
  mutating func append(_ byteCount: Int) {
    precondition(byteCount >= 0 && byteCount <= capacity - count)
    count += byteCount
  }

  /// Refuses more bytes than there may be.
  func checkLimit() throws(LogError) {
    guard count <= limit else { throw tooMany }
  }

  /// What is said of more bytes than there may be.
  var tooMany: LogError {
    LogError(.full, "more comes out than the \(limit) bytes that a compressed batch may hold")
  }

  /// The bytes: there for as long as self is left alone.
  var bytes: UnsafeRawBufferPointer {
    // SAFETY: so many bytes were written.
    unsafe UnsafeRawBufferPointer(start: base, count: count)
  }

  /// Gives the memory away, with the bytes at its start.
  consuming func take() -> ByteStorage { storage ?? ByteStorage(capacity: 0) }

  private mutating func storage(for needed: Int) -> ByteStorage {
    if let storage, storage.capacity >= needed { return storage }
    // Doubled, so that what is copied is no more than what comes out.
    let capacity = max(needed, min(2 * capacity, max(limit, limit &+ 1)))
    let grown = storage?.copy(count: count, capacity: capacity) ?? ByteStorage(capacity: capacity)
    storage = grown
    unsafe base = grown.base
    return grown
  }
}

extension GrowingBytes {
  /// Appends some bytes.
  mutating func append(copying bytes: RawSpan) {
    let room = unsafe room(for: bytes.byteCount)
    // SAFETY: there is room for them.
    unsafe bytes.withUnsafeBytes { unsafe room.copyMemory(from: $0) }
    append(bytes.byteCount)
  }

  /// Appends a number, most significant byte first.
  mutating func append<T: FixedWidthInteger & BitwiseCopyable>(bigEndian value: T) {
    let room = unsafe room(for: MemoryLayout<T>.size)
    // SAFETY: there is room for it.
    unsafe room.storeBytes(of: value.bigEndian, as: T.self)
    append(MemoryLayout<T>.size)
  }

  /// Appends a number, least significant byte first.
  mutating func append<T: FixedWidthInteger & BitwiseCopyable>(littleEndian value: T) {
    append(bigEndian: value.byteSwapped)
  }
}
