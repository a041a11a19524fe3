internal import CBenchProbes
internal import Glibc
internal import Synchronization

/// A directory for a benchmark's files.
public final class WorkDirectory: Sendable {
  /// Where it is.
  public let path: String

  private static let made = Atomic(0)

  init(in parent: Parent) throws {
    let number = Self.made.add(1, ordering: .relaxed).newValue
    try Self.make(parent.path)
    path = "\(parent.path)/\(number)"
    try Self.make(path)
  }

  /// Makes one inside.
  public func makeDirectory(_ name: String) throws -> String {
    let inner = "\(path)/\(name)"
    try Self.make(inner)
    return inner
  }

  /// Removes it with all that is in it.
  public func remove() throws {
    try Self.remove(path)
  }

  /// Removes all that is in it, and waits until the disk is done with that, so that the next sample
  /// doesn't have to.
  public func empty() throws {
    try Self.remove(path)
    try Self.make(path)
    try settle()
  }

  /// Waits until all that is in it is on the disk.
  public func settle() throws {
    let result = varve_bench_settle(path)
    guard result == 0 else { throw SystemError("can't sync \(path)", code: -result) }
  }

  private static func make(_ path: String) throws {
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
      throw SystemError("can't make \(path)")
    }
  }

  static func remove(_ path: String) throws {
    let result = varve_bench_remove(path)
    guard result == 0 || result == -ENOENT else {
      throw SystemError("can't remove \(path)", code: -result)
    }
  }
}
