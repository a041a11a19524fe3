/// Whose allocations, retains and checks are counted.
public enum CountedThreads: Sendable, Hashable {
  /// Those of all threads of the process.
  case all
  /// Those of the thread that runs the body: where others work at their own pace, theirs don't
  /// belong to any iteration.
  case calling
  /// The same without retains and releases, for what handles files' names: Swift 6.3.1 crashes where
  /// references to short strings are counted.
  case callingButForReferences
}
