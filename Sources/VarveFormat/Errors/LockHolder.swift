/// Who has a log, and with it the lock on its directory, so that nobody else may append to it.
public struct LockHolder: Hashable, Sendable {
  /// The process that took the lock.
  public let processID: Int32

  /// The machine, or the container, on which that is its number; nil where the kernel alone named
  /// the process, which is then one that this process can see.
  public let host: String?

  /// When it took the lock; nil where that is not known.
  public let lockedAt: Timestamp?

  /// What it took the lock with; nil for a program that says nothing of itself: a JVM, say.
  public let library: String?

  /// Whether the process has ended, though its lock is there: a child that it forked has it still,
  /// and with it the open file that the lock belongs to.
  public let hasEnded: Bool

  /// Names a holder.
  public init(
    processID: Int32, host: String? = nil, lockedAt: Timestamp? = nil, library: String? = nil,
    hasEnded: Bool = false
  ) {
    self.processID = processID
    self.host = host
    self.lockedAt = lockedAt
    self.library = library
    self.hasEnded = hasEnded
  }
}
