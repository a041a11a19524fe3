internal import CVarveSystem

extension Descriptor {
  /// Whether bytes of a file lie in memory, so that whoever reads them waits for no device.
  ///
  /// An answer of the moment: the kernel may need the memory for something else. Of a file system
  /// that lies in memory as a whole, all bytes do; of one that cannot tell, none are taken to.
  package func isResident(_ range: Range<Int>) -> Bool {
    guard !range.isEmpty else { return true }
    // Few bytes are all read: that takes one call.
    if range.count <= HostDescriptor.smallByteCount {
      return Residency.isThere(
        read(range), pages: pages(of: range), hasNoDevice: hasNoDevice)
    }
    let last = range.upperBound - 1
    guard let pages = pages(of: range) else {
      return stride(from: range.lowerBound, to: range.upperBound, by: Self.sampleInterval)
        .allSatisfy { isResident(at: $0, pages: nil) } && isResident(at: last, pages: nil)
    }
    // Of pages that are being read, the last is there last.
    return pages.areWhole || pages.areAllCached && isResident(at: last, pages: pages)
  }

  /// How far apart bytes are looked at where pages cannot be counted: what is read is read ahead in
  /// pieces that are no smaller.
  private static let sampleInterval = 64 << 10

  private func isResident(at position: Int, pages: Residency.Pages?) -> Bool {
    Residency.isThere(read(position..<position + 1), pages: pages, hasNoDevice: hasNoDevice)
  }

  /// Reads bytes as far as they are in memory.
  private func read(_ range: Range<Int>) -> Residency.Reading {
    // SAFETY: the memory is there within the closure.
    let count = unsafe withUnsafeTemporaryAllocation(byteCount: range.count, alignment: 1) {
      unsafe varve_read_resident(rawValue, $0.baseAddress, $0.count, Int64(range.lowerBound))
    }
    guard count >= 0 else {
      return count == -Int64(Errno.again.rawValue) ? .notAll : .refused
    }
    // What somebody has cut off is not there either: who waits for it finds that.
    return Int(count) == range.count ? .all : .notAll
  }

  /// Nil where the kernel does not count, or does not count for us.
  private func pages(of range: Range<Int>) -> Residency.Pages? {
    var found = varve_residency()
    // SAFETY: the kernel's answer goes to a variable, within the call.
    let result = unsafe varve_resident(
      rawValue, Int64(range.lowerBound), Int64(range.count), &found)
    guard result == 0 else { return nil }
    let first = range.lowerBound / MemoryPage.byteCount
    let last = (range.upperBound - 1) / MemoryPage.byteCount
    return Residency.Pages(
      count: last - first + 1, cached: Int(found.cached), dirty: Int(found.dirty),
      writeback: Int(found.writeback))
  }

  private var hasNoDevice: Bool {
    FileSystemKind(rawValue: varve_file_system_type(rawValue)) == .tmpfs
  }
}
