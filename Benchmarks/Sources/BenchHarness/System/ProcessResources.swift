internal import Glibc

/// What the kernel holds for this process; each is nil where it does not say.
public struct ProcessResources: Sendable, Hashable {
  /// Open files, sockets and the like.
  public let descriptors: Int?
  /// Pieces of the address space.
  public let mappings: Int?
  /// Memory that is the process's own, and not a file's.
  public let ownByteCount: Int?
  /// Its threads.
  public let threads: Int?

  /// Those of now.
  public init() {
    // Without what it is listed with.
    descriptors = Self.entryCount(of: "/proc/self/fd").map { $0 - 1 }
    threads = Self.entryCount(of: "/proc/self/task")
    mappings = TextFile.read("/proc/self/maps")?.split(separator: "\n").count
    ownByteCount = MemoryWatch.byteCount("RssAnon:")
  }

  private static func entryCount(of path: String) -> Int? {
    guard let listing = opendir(path) else { return nil }
    defer { closedir(listing) }
    var count = 0
    while readdir(listing) != nil { count += 1 }
    // Without itself and its parent.
    return count - 2
  }
}
