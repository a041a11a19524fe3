/// Whose allocations, retains and checks are counted.
public enum CountedThreads: Sendable, Hashable {
  /// Those of all threads of the process.
  case all
  /// Those of the thread that runs the body: where others work at their own pace, theirs don't
  /// belong to any iteration.
  case calling
}
