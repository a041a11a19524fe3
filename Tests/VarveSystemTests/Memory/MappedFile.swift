import VarveSystem

/// A file that is shorter than its mapping, and in which a store therefore may fail.
struct MappedFile {
  static let page = MemoryPage.byteCount

  let file: OpenFile
  let mapping: Mapping

  /// Some pages of a file, and the same again beyond its end. The file has no name for longer than
  /// it takes to open it: processes that die of it leave nothing behind.
  init(pages: Int) throws {
    let directory = try TemporaryDirectory()
    file = try OpenFile(directory.path("mapped"), .creating)
    try file.write(pattern(pages * Self.page), at: 0)
    mapping = try file.map(byteCount: 2 * pages * Self.page)
  }

  func store(_ value: UInt8, at position: Int) {
    mapping.base.storeBytes(of: value, toByteOffset: position, as: UInt8.self)
  }

  func load(at position: Int) -> UInt8 {
    mapping.base.load(fromByteOffset: position, as: UInt8.self)
  }

  func arm() { StoreGuard.arm(mapping.base, byteCount: mapping.byteCount) }

  func arm(_ range: Range<Int>) {
    StoreGuard.arm(mapping.base + range.lowerBound, byteCount: range.count)
  }
}
