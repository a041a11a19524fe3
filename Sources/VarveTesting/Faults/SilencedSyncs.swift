package import VarveSystem

/// Syncs that say they have been done, and do nothing, or do it later: how a simulation is tested that
/// must notice when an engine leaves one out, or makes it too late.
package struct SilencedSyncs: Sendable {
  /// Looks at an operation by its call and its path.
  package typealias Choice = @Sendable (SystemCall, String) -> Bool

  /// Which syncs are silenced, of those that are made.
  let contains: Choice
  /// Behind which operation they are made up for, before the next one that changes something; nil if
  /// never.
  let isFollowed: Choice?

  package init(until isFollowed: Choice? = nil, _ contains: @escaping Choice) {
    self.contains = contains
    self.isFollowed = isFollowed
  }
}

/// What syncs that were silenced have left to do.
struct MissedSyncs {
  private var inodes: [Int64] = []
  private var isDue = false

  mutating func note(_ inode: Int64) { inodes.append(inode) }

  /// From now on they are due.
  mutating func become(dueIf isDue: Bool) { self.isDue = self.isDue || isDue && !inodes.isEmpty }

  /// Takes what is due.
  mutating func takeDue() -> [Int64] {
    guard isDue else { return [] }
    defer { self = MissedSyncs() }
    return inodes
  }
}
