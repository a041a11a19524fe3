/// What is timed, once all is ready for it.
public struct Routine {
  /// Does the work as many times as it is told, in a loop of its own.
  ///
  /// A call for each iteration would cost as much as the smaller benchmarks do.
  public typealias Loop = (_ iterations: Int) throws -> Void

  let extent: Extent
  let countedThreads: CountedThreads
  let beforeSample: Loop
  let body: Loop
  let afterSample: () throws -> Void
  let references: [Reference<Routine>]
  let latencies: LatencyRecord?
  let tallies: [Tally]
  let tearDown: () throws -> Void

  enum Extent: Sendable, Hashable {
    /// As many iterations as a sample is long, but no more than so many.
    case timed(atMost: Int)
    /// So many, however long they take.
    case exactly(Int)
  }

  /// Creates a routine.
  ///
  /// - Parameters:
  ///   - maximumIterations: The most that `body` may be asked for at once, where a sample uses
  ///     up something.
  ///   - iterations: How many a sample has, where that is part of what is measured: such as as
  ///     many appends as fill some segments. By default, as many as it has time for.
  ///   - countedThreads: Whose allocations and the like are counted.
  ///   - beforeSample: Called before each sample of `body`, with its iterations, untimed.
  ///   - body: The work.
  ///   - limit: The least that any code does for the same bytes, such as to copy them. It is
  ///     sampled in turn with `body`, and processes as much in an iteration.
  ///   - references: What else is sampled in turn with `body`.
  ///   - latencies: Where `body` adds how long each operation took, if it does.
  ///   - tallies: What the samples of `body` find out beside their time.
  ///   - afterSample: Called after each sample of `body`, untimed.
  ///   - tearDown: Gives back what was got ready.
  public init(
    maximumIterations: Int = .max, iterations: Int? = nil,
    countedThreads: CountedThreads = .all, beforeSample: @escaping Loop = { _ in },
    body: @escaping Loop, limit: Loop? = nil, references: [Reference<Routine>] = [],
    latencies: LatencyRecord? = nil, tallies: [Tally] = [],
    afterSample: @escaping () throws -> Void = {}, tearDown: @escaping () throws -> Void = {}
  ) {
    precondition(maximumIterations > 0)
    extent = iterations.map { .exactly(max(1, $0)) } ?? .timed(atMost: maximumIterations)
    self.countedThreads = countedThreads
    self.beforeSample = beforeSample
    self.body = body
    self.references = (limit.map { [Reference(limitName, Routine(body: $0))] } ?? []) + references
    self.latencies = latencies
    self.tallies = tallies
    self.afterSample = afterSample
    self.tearDown = tearDown
  }
}
