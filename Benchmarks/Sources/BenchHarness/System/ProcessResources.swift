internal import Glibc

/// What the kernel holds for this process; each is nil where it does not say.
public struct ProcessResources: Sendable, Hashable {
  /// Open files, sockets and the like.
  public let descriptors: Int?
  /// Pieces of the address space.
  public let mappings: Int?
  /// Memory that is the process's own, and not a file's.
  public let ownByteCount: Int?

  /// Those of now.
  public init() {
    descriptors = Self.descriptorCount
    mappings = TextFile.read("/proc/self/maps")?.split(separator: "\n").count
    ownByteCount = MemoryWatch.byteCount("RssAnon:")
  }

  private static var descriptorCount: Int? {
    guard let listing = opendir("/proc/self/fd") else { return nil }
    defer { closedir(listing) }
    var count = 0
    while readdir(listing) != nil { count += 1 }
    // Itself, its parent, and what they are listed with.
    return count - 3
  }
}
