internal import VarveSystem

extension SimulatedFile {
  /// All bytes, as a reader would have them.
  var contents: [UInt8] {
    if let memory {
      // SAFETY: the memory has room for the file's bytes, and lives as long as this.
      return unsafe Array(UnsafeRawBufferPointer(start: memory.base, count: byteCount))
    }
    var bytes = [UInt8](repeating: 0, count: byteCount)
    for page in pagesWithBytes() {
      let (start, count) = (page * PageImage.byteCount, validByteCount(of: page))
      bytes.replaceSubrange(start..<start + count, with: image(of: page).bytes(count))
    }
    return bytes
  }

  func read(
    into target: UnsafeMutableRawBufferPointer, at position: Int
  ) throws(SystemError) -> Int {
    guard position < byteCount, unsafe !target.isEmpty else { return 0 }
    try warmUp()
    guard let memory else { return 0 }
    let count = min(target.count, byteCount - position)
    // SAFETY: both places have `count` bytes: the target by its count, the file up to its end.
    unsafe target.copyMemory(
      from: UnsafeRawBufferPointer(start: memory.base + position, count: count))
    return count
  }

  /// Where pages come next that were written to, as a file system tells that keeps unwritten space
  /// apart.
  func nextData(from position: Int) -> Range<Int>? {
    guard position < byteCount else { return nil }
    noteMappedStores()
    let size = PageImage.byteCount
    let pages = pagesWithBytes().drop { $0 < position / size }
    guard let first = pages.first else { return nil }
    // As long as each is the one behind the one before.
    let count = zip(pages, first...).prefix { $0 == $1 }.count
    return max(first * size, position)..<min((first + count) * size, byteCount)
  }

  /// What the device has once what is dirty has been written: pages that a failed sync has marked
  /// clean are not.
  func readDevice(
    into target: UnsafeMutableRawBufferPointer, at position: Int
  ) throws(SystemError) -> Int {
    noteMappedStores()
    let count = try unsafe read(into: target, at: position)
    let size = PageImage.byteCount
    for page in lost.keys where Self.pages(position..<position + count).contains(page) {
      // SAFETY: on a page's bounds, as is the target, which therefore has room for all of a page.
      unsafe (durable.pages[page] ?? .zeros)
        .store(to: target.baseAddress.unsafelyUnwrapped + (page * size - position))
    }
    return count
  }

  func write(
    from source: UnsafeRawBufferPointer, at position: Int, now: Int64
  ) throws(SystemError) {
    guard unsafe !source.isEmpty else { return }
    let end = position + source.count
    try warmUp(room: end)
    guard let memory else { return }
    extend(to: end)
    // SAFETY: there is room up to `end`.
    unsafe UnsafeMutableRawBufferPointer(start: memory.base + position, count: source.count)
      .copyMemory(from: source)
    markDirty(Self.pages(position..<end))
    modified = now
  }

  func allocate(_ range: Range<Int>, now: Int64) throws(SystemError) {
    try warmUp(room: range.upperBound)
    extend(to: range.upperBound)
    allocated.insert(Self.pages(range))
    modified = now
  }

  func truncate(to byteCount: Int, now: Int64) throws(SystemError) {
    try warmUp(room: byteCount)
    if byteCount < self.byteCount {
      shorten(to: byteCount)
    } else {
      extend(to: byteCount)
    }
    modified = now
  }

  private func extend(to end: Int) {
    guard end > byteCount, let memory else { return }
    // What was stored beyond the end on its last page was never part of the file.
    let pageEnd = min(pageCount * PageImage.byteCount, end)
    // SAFETY: a page that is within the file in part is within its memory.
    unsafe UnsafeMutableRawBufferPointer(
      start: memory.base + byteCount, count: max(pageEnd - byteCount, 0)
    ).initializeMemory(as: UInt8.self, repeating: 0)
    byteCount = end
  }

  private func shorten(to end: Int) {
    guard let memory else { return }
    noteMappedStores()
    // SAFETY: what is cut away is within the memory.
    unsafe UnsafeMutableRawBufferPointer(start: memory.base + end, count: byteCount - end)
      .initializeMemory(as: UInt8.self, repeating: 0)
    byteCount = end
    // The device has them still: extended again, the file has zeros there that differ from it.
    for page in durable.pages.keys where page >= end / PageImage.byteCount { dirty.insert(page) }
    if end % PageImage.byteCount != 0 { dirty.insert(end / PageImage.byteCount) }
    for page in lost.keys where page >= end / PageImage.byteCount { lost[page] = nil }
    allocated.removeAll(from: pageCount)
    if end < durable.byteCount { cut = min(cut ?? end, end) }
  }
}
