internal import Glibc

/// How many files a process may have open, for what is to make do with few.
public enum DescriptorLimit {
  /// Lowers it until some work is done.
  public static func lowered<T>(to count: Int, during work: () throws -> T) throws -> T {
    var before = rlimit()
    guard getrlimit(resource, &before) == 0 else { throw SystemError("can't read the limit") }
    var lowered = before
    lowered.rlim_cur = min(before.rlim_cur, rlim_t(count))
    guard setrlimit(resource, &lowered) == 0 else { throw SystemError("can't lower the limit") }
    defer { setrlimit(resource, &before) }
    return try work()
  }

  private static var resource: __rlimit_resource_t { __rlimit_resource_t(RLIMIT_NOFILE.rawValue) }
}
