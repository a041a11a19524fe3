internal import VarveSystem

/// A file, whatever its name: its live bytes, which readers see, and its durable ones, which a
/// power cut leaves.
///
/// A page that is neither dirty nor lost is the same in both. The live bytes take memory only
/// while somebody uses them: a cold file's are its durable pages, and `staged` over them.
final class SimulatedFile {
  let inode: Int64
  var byteCount = 0
  var modified: Int64
  /// The pages that take space.
  var allocated = PageSet()

  /// The pages that were changed since they were synced last. Stores into a mapping are found by
  /// `noteMappedStores()`.
  var dirty = PageSet()
  /// Pages that a failed sync marked clean though the device does not have them, as they were
  /// then. No later sync writes them, until they are changed again.
  var lost: [Int: PageImage] = [:]
  var durable: DurableFile
  /// Where the file was cut since it was synced last, if below its durable end.
  var cut: Int?

  private(set) var memory: AnonymousMemory?
  /// What the dirty pages of a cold file hold, if not zeros.
  private var staged: [Int: PageImage] = [:]

  /// As far as mappings reached since their stores were looked for last.
  var mappedPageCount = 0
  var mappingCount = 0
  var descriptorCount = 0
  var isNamed = true

  init(inode: Int64, modified: Int64) {
    self.inode = inode
    self.modified = modified
    durable = DurableFile(modified: modified)
  }

  /// Whether its space is taken: a file without a name lives as long as somebody has it open.
  var isInUse: Bool { isNamed || mappingCount > 0 || descriptorCount > 0 }

  var pageCount: Int { Self.pageCount(byteCount) }

  static func pageCount(_ byteCount: Int) -> Int {
    (byteCount + PageImage.byteCount - 1) / PageImage.byteCount
  }

  static func pages(_ range: Range<Int>) -> Range<Int> {
    range.isEmpty
      ? 0..<0 : range.lowerBound / PageImage.byteCount..<pageCount(range.upperBound)
  }

  /// How many bytes of a page are within the file.
  func validByteCount(of page: Int) -> Int {
    min(max(byteCount - page * PageImage.byteCount, 0), PageImage.byteCount)
  }
}

// MARK: Memory

extension SimulatedFile {
  /// What a file reserves at the least, so that it seldom has to move.
  private static let reservedByteCount = 16 << 20

  /// Puts the live bytes into memory, with room for `byteCount` of them.
  ///
  /// While the file is mapped they cannot move, so a mapping reserves more than it asks for; a file
  /// that outgrows that too is too large for this disk.
  func warmUp(room byteCount: Int = 0) throws(SystemError) {
    let room = max(byteCount, self.byteCount)
    if let memory, memory.byteCount >= room { return }
    guard mappingCount == 0 else { throw SystemError(.map, .fileTooLarge) }
    noteMappedStores()
    let fresh = try AnonymousMemory(
      byteCount: max(Self.pageCount(2 * room) * PageImage.byteCount, Self.reservedByteCount))
    for page in pagesWithBytes() {
      // SAFETY: the page is below `pageCount`, and so within the memory.
      unsafe image(of: page).store(to: fresh.base + page * PageImage.byteCount)
    }
    memory = fresh
    staged = [:]
  }

  /// Lets the live bytes leave their memory. Stores into mappings of before change nothing more.
  func coolDown() {
    guard memory != nil else { return }
    staged = stagedPages()
    memory = nil
    mappedPageCount = 0
    mappingCount = 0
  }

  /// The same file on another disk, with neither descriptors nor mappings.
  func copy() -> SimulatedFile {
    let copy = SimulatedFile(inode: inode, modified: modified)
    copy.staged = stagedPages()
    copy.byteCount = byteCount
    copy.allocated = allocated
    copy.dirty = dirty
    copy.lost = lost
    copy.durable = durable
    copy.cut = cut
    copy.isNamed = isNamed
    return copy
  }

  /// What a page holds, zeros beyond the end.
  func image(of page: Int) -> PageImage {
    if let memory {
      let count = validByteCount(of: page)
      guard count > 0 else { return .zeros }
      // SAFETY: the page is within the file, whose bytes the memory has room for.
      return unsafe PageImage(memory.base + page * PageImage.byteCount, count: count)
    }
    if dirty.contains(page) { return staged[page] ?? .zeros }
    return (lost[page] ?? durable.pages[page] ?? .zeros).prefix(validByteCount(of: page))
  }

  /// Finds the pages that differ from what they were when they were clean: stores into a mapping.
  func noteMappedStores() {
    guard let memory else { return }
    for page in 0..<min(mappedPageCount, pageCount) where !dirty.contains(page) {
      let clean = lost[page] ?? durable.pages[page] ?? .zeros
      // SAFETY: the page is within the file, whose bytes the memory has room for.
      let isClean = unsafe clean.equals(
        memory.base + page * PageImage.byteCount, count: validByteCount(of: page))
      if !isClean { markDirty(page..<page + 1) }
    }
    if mappingCount == 0 { mappedPageCount = 0 }
  }

  func markDirty(_ pages: Range<Int>) {
    dirty.insert(pages)
    allocated.insert(pages)
    for page in pages { lost[page] = nil }
  }

  func pagesWithBytes() -> [Int] {
    var found = dirty
    for page in durable.pages.keys { found.insert(page) }
    for page in lost.keys { found.insert(page) }
    found.removeAll(from: pageCount)
    return found.pages
  }

  private func stagedPages() -> [Int: PageImage] {
    noteMappedStores()
    var pages: [Int: PageImage] = [:]
    for page in dirty.pages where page < pageCount { pages[page] = image(of: page) }
    return pages
  }

  /// Forgets the live bytes: they are the durable ones now.
  func discardLiveBytes() {
    memory = nil
    staged = [:]
    dirty.removeAll()
    lost = [:]
    cut = nil
    mappedPageCount = 0
    mappingCount = 0
    descriptorCount = 0
    byteCount = durable.byteCount
    modified = durable.modified
    allocated = durable.allocated
  }
}
