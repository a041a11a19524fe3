internal import Glibc

/// What a process has in memory.
package struct ResidentMemory: Sendable, Hashable {
  /// Its own: what it allocated.
  package var ownByteCount: Int
  /// Pages of files that it has mapped. They are the page cache's, which lets go of them when memory
  /// is wanted.
  package var mappedByteCount: Int
}

extension ResidentMemory {
  /// Of this process, as far as the kernel tells.
  static var current: ResidentMemory {
    let file = open("/proc/self/status", O_RDONLY | O_CLOEXEC)
    defer { close(file) }
    let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 14) { buffer, count in
      count = max(0, read(file, buffer.baseAddress, buffer.count))
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    func byteCount(_ name: String) -> Int {
      let line = lines.first { $0.hasPrefix(name) }
      return (line.flatMap { Int($0.filter(\.isNumber)) } ?? 0) << 10
    }
    return ResidentMemory(
      ownByteCount: byteCount("RssAnon:"),
      mappedByteCount: byteCount("RssFile:") + byteCount("RssShmem:"))
  }

  func beyond(_ before: ResidentMemory) -> ResidentMemory {
    ResidentMemory(
      ownByteCount: max(0, ownByteCount - before.ownByteCount),
      mappedByteCount: max(0, mappedByteCount - before.mappedByteCount))
  }
}
