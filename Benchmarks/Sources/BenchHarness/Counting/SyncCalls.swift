internal import CBenchProbes

/// Calls of fdatasync(2), by any thread of this process.
public enum SyncCalls {
  /// How many there have been.
  public static var count: UInt64 { varve_bench_sync_count() }

  /// Whoever wants to know of syncs. Called by the thread that syncs.
  public protocol Watcher: AnyObject, Sendable {
    func syncBegins()
    func syncEnded()
  }

  /// Tells somebody of each sync during some work, at the end of which no thread syncs.
  public static func watch<T>(_ watcher: any Watcher, during work: () throws -> T) rethrows -> T {
    let box = Box(watcher)
    varve_bench_watch_syncs(
      { box, begins in
        let watcher = Unmanaged<Box>.fromOpaque(box!).takeUnretainedValue().watcher
        if begins { watcher.syncBegins() } else { watcher.syncEnded() }
      },
      Unmanaged.passUnretained(box).toOpaque())
    defer {
      varve_bench_watch_syncs(nil, nil)
      withExtendedLifetime(box) {}
    }
    return try work()
  }

  /// Has syncs do nothing during some work: for getting ready what is too much to be synced piece by
  /// piece. Whoever does so syncs all of it in the end.
  public static func skip<T>(during work: () throws -> T) rethrows -> T {
    varve_bench_skip_syncs(true)
    defer { varve_bench_skip_syncs(false) }
    return try work()
  }

  private final class Box: Sendable {
    let watcher: any Watcher
    init(_ watcher: any Watcher) { self.watcher = watcher }
  }
}
