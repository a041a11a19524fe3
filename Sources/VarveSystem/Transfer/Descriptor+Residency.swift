internal import CVarveSystem

extension Descriptor {
  /// Whether bytes of a file lie in memory, so that whoever reads them waits for no device.
  ///
  /// An answer of the moment: the kernel may need the memory for something else. Of a file system
  /// that lies in memory as a whole, all bytes do.
  package func isResident(_ range: Range<Int>) -> Bool {
    guard !range.isEmpty else { return true }
    if range.count <= HostDescriptor.smallByteCount { return isWholeResident(range) }
    let first = range.lowerBound / MemoryPage.byteCount
    let last = (range.upperBound - 1) / MemoryPage.byteCount
    // Pages that are being read count as there; the last of them is there last.
    guard isResident(at: range.upperBound - 1) else { return false }
    guard first != last else { return true }
    if let byteCount = residentByteCount(range) {
      return byteCount >= (last - first + 1) * MemoryPage.byteCount
    }
    return stride(from: range.lowerBound, to: range.upperBound, by: Self.sampleInterval)
      .allSatisfy { isResident(at: $0) }
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
  private func residentByteCount(_ range: Range<Int>) -> Int? {
    let count = varve_resident(rawValue, Int64(range.lowerBound), Int64(range.count))
    return count < 0 ? nil : Int(count)
  }

  /// The same of one byte; also where the file system cannot tell.
  private func isResident(at position: Int) -> Bool {
    var byte: UInt8 = 0
    // SAFETY: one byte, within the call.
    return unsafe varve_read_resident(rawValue, &byte, 1, Int64(position))
      != -Int64(Errno.again.rawValue)
  }
}
