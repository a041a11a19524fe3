/// What is timed operation by operation, once all is ready for it.
public struct LatencyRoutine {
  let extent: Routine.Extent
  let kinds: Kinds?
  let countedThreads: CountedThreads
  let beforeRun: () throws -> Void
  let operation: Operation
  let references: [Reference<LatencyRoutine>]
  let afterRun: () throws -> Void
  let tearDown: () throws -> Void

  enum Operation {
    case timed((_ index: Int) throws -> Void)
    case timesItself((_ index: Int) throws -> UInt64)
  }

  /// Kinds of operations whose latencies are also shown apart.
  public struct Kinds {
    let names: [String]
    let kind: (_ index: Int) -> Int

    /// Creates kinds.
    ///
    /// - Parameters:
    ///   - names: What they are called.
    ///   - kind: Of which kind an operation is: a place in `names`. Not part of what is timed.
    public init(_ names: [String], of kind: @escaping (_ index: Int) -> Int) {
      self.names = names
      self.kind = kind
    }
  }

  /// Creates a routine.
  ///
  /// Two readings of the clock and a call belong to each operation's time: some 50 ns.
  ///
  /// - Parameters:
  ///   - operations: How many a run has, and then there are several runs. By default there is
  ///     one, with as many as it has time for.
  ///   - kinds: Kinds of operations to tell apart.
  ///   - countedThreads: Whose allocations and the like are counted.
  ///   - beforeRun: Called before each run.
  ///   - operation: The work, which is told how many operations were before it in the run.
  ///   - references: What else is run in turn with it.
  ///   - afterRun: Called after each run.
  ///   - tearDown: Gives back what was got ready.
  public init(
    operations: Int? = nil, kinds: Kinds? = nil, countedThreads: CountedThreads = .all,
    beforeRun: @escaping () throws -> Void = {},
    operation: @escaping (_ index: Int) throws -> Void,
    references: [Reference<LatencyRoutine>] = [],
    afterRun: @escaping () throws -> Void = {}, tearDown: @escaping () throws -> Void = {}
  ) {
    self.init(
      extent: Self.extent(operations), kinds: kinds, countedThreads: countedThreads,
      beforeRun: beforeRun, operation: .timed(operation), references: references,
      afterRun: afterRun, tearDown: tearDown)
  }

  /// Creates a routine whose operations say themselves how many nanoseconds they took: where what
  /// began on one thread ends on another.
  public init(
    operations: Int? = nil, beforeRun: @escaping () throws -> Void = {},
    timesItself operation: @escaping (_ index: Int) throws -> UInt64,
    references: [Reference<LatencyRoutine>] = [],
    afterRun: @escaping () throws -> Void = {}, tearDown: @escaping () throws -> Void = {}
  ) {
    self.init(
      extent: Self.extent(operations), kinds: nil, countedThreads: .all, beforeRun: beforeRun,
      operation: .timesItself(operation), references: references, afterRun: afterRun,
      tearDown: tearDown)
  }

  private init(
    extent: Routine.Extent, kinds: Kinds?, countedThreads: CountedThreads,
    beforeRun: @escaping () throws -> Void, operation: Operation,
    references: [Reference<LatencyRoutine>], afterRun: @escaping () throws -> Void,
    tearDown: @escaping () throws -> Void
  ) {
    self.extent = extent
    self.kinds = kinds
    self.countedThreads = countedThreads
    self.beforeRun = beforeRun
    self.operation = operation
    self.references = references
    self.afterRun = afterRun
    self.tearDown = tearDown
  }

  private static func extent(_ operations: Int?) -> Routine.Extent {
    operations.map { .exactly(max(1, $0)) } ?? .timed(atMost: .max)
  }
}
