import CBareLog

/// Reads a segment and compares each of its batches with its checksum.
final class BareChecker {
  private let checker: OpaquePointer

  init(of path: String) throws {
    var checker: OpaquePointer?
    try BareError.check(bare_checker_open(&checker, path))
    self.checker = checker!
  }

  deinit { bare_checker_close(checker) }

  /// Goes through all of it.
  ///
  /// - Parameter rewriting: Whether it is written once more, and synced.
  /// - Returns: How many batches there are.
  @discardableResult
  func run(rewriting: Bool) throws -> Int {
    let batches = bare_checker_run(checker, rewriting)
    if batches < 0 { throw BareError(code: Int32(-batches)) }
    return Int(batches)
  }
}
