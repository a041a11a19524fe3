/// A change of names that no sync of a directory has made durable yet. Atomic: done or not.
enum NameOperation {
  /// A new file or directory.
  case create(Slot, inode: Int64)
  case unlink(Slot, inode: Int64)
  /// `replaced` had the name before.
  case rename(from: Slot, to: Slot, inode: Int64, replaced: Int64?)

  /// The place of a name in a directory.
  struct Slot: Hashable {
    let directory: Int64
    let name: String
  }

  /// What it reads or changes.
  var slots: [Slot] {
    switch self {
    case .create(let slot, _), .unlink(let slot, _): [slot]
    case .rename(let from, let to, _, _): [from, to]
    }
  }

  var inodes: [Int64] {
    switch self {
    case .create(_, let inode), .unlink(_, let inode): [inode]
    case .rename(_, _, let inode, let replaced): [inode] + (replaced.map { [$0] } ?? [])
    }
  }

  /// The name that it gives, and to what.
  var placed: (slot: Slot, inode: Int64)? {
    switch self {
    case .create(let slot, let inode): (slot, inode)
    case .unlink: nil
    case .rename(_, let to, let inode, _): (to, inode)
    }
  }
}
