/// What a page of a file held at some moment. Never changed, so that copies of a disk share it.
struct PageImage: Hashable {
  /// The unit in which bytes reach the device, or do not.
  static let byteCount = 4096
  /// What a device writes wholly or not at all.
  static let sectorByteCount = 512

  static let zeros = PageImage(bytes: [UInt8](repeating: 0, count: byteCount))

  private let bytes: [UInt8]

  private init(bytes: [UInt8]) { self.bytes = bytes }

  /// Copies a page, of which `count` bytes are within the file.
  init(_ memory: UnsafeRawPointer, count: Int) {
    // SAFETY: `count` bytes are copied, and all up to the page's end are initialized.
    unsafe bytes = [UInt8](unsafeUninitializedCapacity: Self.byteCount) { page, filled in
      let raw = UnsafeMutableRawBufferPointer(page)
      unsafe raw.copyMemory(from: UnsafeRawBufferPointer(start: memory, count: count))
      unsafe UnsafeMutableRawBufferPointer(rebasing: raw[count...])
        .initializeMemory(as: UInt8.self, repeating: 0)
      filled = Self.byteCount
    }
  }

  func store(to memory: UnsafeMutableRawPointer) {
    // SAFETY: `memory` has room for a page.
    unsafe bytes.withUnsafeBytes {
      unsafe memory.copyMemory(from: $0.baseAddress.unsafelyUnwrapped, byteCount: Self.byteCount)
    }
  }

  /// The first `count` bytes.
  func bytes(_ count: Int) -> ArraySlice<UInt8> { bytes[..<count] }

  /// Whether the first `count` bytes are those at `memory`.
  func equals(_ memory: UnsafeRawPointer, count: Int) -> Bool {
    // By words, since there is no memcmp here and a test's build is not optimized.
    unsafe bytes.withUnsafeBytes { own in
      var position = 0
      while position + 8 <= count {
        guard
          unsafe own.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            == memory.loadUnaligned(fromByteOffset: position, as: UInt64.self)
        else { return false }
        position += 8
      }
      while position < count {
        guard unsafe own[position] == memory.load(fromByteOffset: position, as: UInt8.self) else {
          return false
        }
        position += 1
      }
      return true
    }
  }

  /// The same up to `count`, and zeros from there.
  func prefix(_ count: Int) -> PageImage {
    guard count < Self.byteCount else { return self }
    return PageImage(
      bytes: bytes[..<count] + [UInt8](repeating: 0, count: Self.byteCount - count))
  }

  /// This page while it is replaced by `newer` and the power goes: each sector is of one of both.
  func torn(by newer: PageImage, using random: inout SplitMix) -> PageImage {
    var mixed = bytes
    for start in stride(from: 0, to: Self.byteCount, by: Self.sectorByteCount)
    where random.isOne(in: 2) {
      let sector = start..<start + Self.sectorByteCount
      mixed.replaceSubrange(sector, with: newer.bytes[sector])
    }
    return PageImage(bytes: mixed)
  }
}
