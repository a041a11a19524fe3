/// What is timed operation by operation, once all is ready for it.
public struct LatencyRoutine {
  let operation: (_ index: Int) throws -> Void
  let tearDown: () throws -> Void

  /// Creates a routine.
  ///
  /// Two readings of the clock and a call belong to each operation's time: some 50 ns.
  ///
  /// - Parameters:
  ///   - operation: The work, which is told how many operations were before it.
  ///   - tearDown: Gives back what was got ready.
  public init(
    operation: @escaping (_ index: Int) throws -> Void,
    tearDown: @escaping () throws -> Void = {}
  ) {
    self.operation = operation
    self.tearDown = tearDown
  }
}
