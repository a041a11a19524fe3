/// What is timed, once all is ready for it.
public struct Routine {
  /// Does the work as many times as it is told, in a loop of its own.
  ///
  /// A call for each iteration would cost as much as the smaller benchmarks do.
  public typealias Loop = (_ iterations: Int) throws -> Void

  let body: Loop
  let limit: Loop?
  let beforeSample: Loop?
  let tearDown: () throws -> Void
  let maximumIterations: Int

  /// Creates a routine.
  ///
  /// - Parameters:
  ///   - maximumIterations: The most that `body` may be asked for at once, where a sample uses
  ///     up something.
  ///   - beforeSample: Called before each sample of `body`, with its iterations, untimed.
  ///   - body: The work.
  ///   - limit: The least that any code does for the same bytes, such as to copy them. It is
  ///     sampled in turn with `body`, and processes as much in an iteration.
  ///   - tearDown: Gives back what was got ready.
  public init(
    maximumIterations: Int = .max, beforeSample: Loop? = nil, body: @escaping Loop,
    limit: Loop? = nil, tearDown: @escaping () throws -> Void = {}
  ) {
    precondition(maximumIterations > 0)
    self.maximumIterations = maximumIterations
    self.beforeSample = beforeSample
    self.body = body
    self.limit = limit
    self.tearDown = tearDown
  }
}
