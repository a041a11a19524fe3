internal import CVarveSystem

extension Descriptor {
  /// Whether bytes of a file lie in memory, so that whoever reads them waits for no device.
  ///
  /// An answer of the moment: the kernel may need the memory for something else. Of a file system
  /// that lies in memory as a whole, all bytes do.
  package func isResident(_ range: Range<Int>) -> Bool {
    guard !range.isEmpty else { return true }
    if range.count <= HostDescriptor.smallByteCount { return isWholeResident(range) }
    guard let pages = pages(of: range) else {
      return stride(from: range.lowerBound, to: range.upperBound, by: Self.sampleInterval)
        .allSatisfy { isResident(at: $0) } && isResident(at: range.upperBound - 1)
    }
    let first = range.lowerBound / MemoryPage.byteCount
    let last = (range.upperBound - 1) / MemoryPage.byteCount
    let count = Int64(last - first + 1)
    // What was appended lately, and is read most, is known to be whole by that. Each of the two for itself: a page
    // may be both.
    if max(pages.dirty, pages.writeback) >= count { return true }
    // Pages that are being read count as there; the last of them is there last.
    return pages.cached >= count && isResident(at: range.upperBound - 1)
  }

  /// The same of few bytes, all of which are read: that takes one call.
  private func isWholeResident(_ range: Range<Int>) -> Bool {
    // SAFETY: the memory is there within the closure.
    unsafe withUnsafeTemporaryAllocation(byteCount: range.count, alignment: 1) { memory in
      let count = unsafe varve_read_resident(
        rawValue, memory.baseAddress, memory.count, Int64(range.lowerBound))
      // What somebody has cut off is not there either: who waits for it finds that.
      return count != -Int64(Errno.again.rawValue) && (count < 0 || Int(count) == range.count)
    }
  }

  /// How far apart bytes are looked at where pages cannot be counted: what is read is read ahead in
  /// pieces that are no smaller.
  private static let sampleInterval = 64 << 10

  /// Nil where the kernel does not count, or does not count for us.
  private func pages(of range: Range<Int>) -> varve_residency? {
    var pages = varve_residency()
    // SAFETY: the kernel's answer goes to a variable, within the call.
    let result = unsafe varve_resident(
      rawValue, Int64(range.lowerBound), Int64(range.count), &pages)
    return result == 0 ? pages : nil
  }

  /// The same of one byte; also where the file system cannot tell.
  private func isResident(at position: Int) -> Bool {
    var byte: UInt8 = 0
    // SAFETY: one byte, within the call.
    return unsafe varve_read_resident(rawValue, &byte, 1, Int64(position))
      != -Int64(Errno.again.rawValue)
  }
}
