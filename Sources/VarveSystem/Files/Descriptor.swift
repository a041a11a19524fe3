/// An open file, as the file system that opened it numbers it. Who owns it, closes it: see
/// ``OpenFile``.
package struct Descriptor: RawRepresentable, Hashable, Sendable {
  package let rawValue: Int32
  @inlinable
  package init(rawValue: Int32) { self.rawValue = rawValue }
}

/// How a file is opened.
package enum OpenMode: Hashable, Sendable {
  /// To read; it must be there.
  case reading
  /// To read and write; it must be there.
  case writing
  /// To read and write; it must not be there.
  case creating
  /// To read and write, whether or not it is there.
  case writingOrCreating
}

/// What a file system says of a file.
package struct FileStatus: Hashable, Sendable {
  package enum Kind: Hashable, Sendable { case file, directory, other }

  package var byteCount: Int
  /// What it takes of the device: less than its length where it has holes, more where space was
  /// allocated beforehand.
  package var allocatedByteCount: Int
  /// Which file it is, whatever its name.
  package var inode: Int64
  package var device: Int64
  /// When its bytes were changed last, in nanoseconds since 1970.
  package var modified: Int64
  package var kind: Kind

  package init(
    byteCount: Int, allocatedByteCount: Int, inode: Int64, device: Int64, modified: Int64,
    kind: Kind
  ) {
    self.byteCount = byteCount
    self.allocatedByteCount = allocatedByteCount
    self.inode = inode
    self.device = device
    self.modified = modified
    self.kind = kind
  }
}

/// Who has a lock, as far as the kernel tells.
package enum LockOwner: Hashable, Sendable {
  case nobody
  /// A process: as a JVM takes a lock, or whoever else asks for one in the way of POSIX.
  case process(Int32)
  /// An open file, as Varve takes one: whose it is, is not told, and there may be several who have
  /// it. Or a process that the asking one cannot see.
  case untold
}

/// How much room there is, and on what.
package struct FileSystemSpace: Hashable, Sendable {
  package var freeByteCount: Int
  package var totalByteCount: Int
  package var kind: FileSystemKind

  package init(freeByteCount: Int, totalByteCount: Int, kind: FileSystemKind) {
    self.freeByteCount = freeByteCount
    self.totalByteCount = totalByteCount
    self.kind = kind
  }
}

/// A kind of file system, by its magic number.
package struct FileSystemKind: RawRepresentable, Hashable, Sendable {
  package let rawValue: Int64
  package init(rawValue: Int64) { self.rawValue = rawValue }

  package static let ext4 = FileSystemKind(rawValue: 0xef53)
  package static let xfs = FileSystemKind(rawValue: 0x5846_5342)
  package static let btrfs = FileSystemKind(rawValue: 0x9123_683e)
  package static let tmpfs = FileSystemKind(rawValue: 0x0102_1994)

  /// Whether space that `fallocate` promised is there when it is stored to.
  ///
  /// Only those of which that is known: elsewhere a file is written to by calls, which return
  /// errors. btrfs and ZFS copy on write, network file systems promise on behalf of others, and an
  /// overlay is as good as what lies below, which it does not say.
  package var keepsAllocations: Bool {
    self == .ext4 || self == .xfs || self == .tmpfs
  }
}
