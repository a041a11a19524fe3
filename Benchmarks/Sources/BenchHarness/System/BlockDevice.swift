internal import CBenchProbes

/// The device that holds a path.
public struct BlockDevice: Sendable {
  /// What the kernel has counted of it since it started: of all programs.
  public struct Counts: Sendable, Hashable {
    /// How much was written to it.
    public var writtenBytes: UInt64 = 0
    /// How often it was told to write what its cache holds.
    public var flushes: UInt64 = 0

    /// None.
    public init() {}
  }

  private let path: String

  /// Finds the device of a path when it is asked.
  public init(of path: String) { self.path = path }

  /// Nil where the kernel doesn't tell.
  public var counts: Counts? {
    var device = varve_bench_device()
    guard varve_bench_device_read(path, &device) == 0 else { return nil }
    var counts = Counts()
    counts.writtenBytes = device.written_bytes
    counts.flushes = device.flushes
    return counts
  }
}
