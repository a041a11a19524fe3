/// A number that a benchmark finds out itself while it is timed, such as how often something came
/// about: over all of its samples, those for practice included.
public struct Tally {
  /// What it is, such as `syncs/record`.
  public let name: String
  let value: () -> Double?

  /// Creates a tally.
  ///
  /// - Parameters:
  ///   - name: What it is.
  ///   - value: Its value so far; nil where it can't be known.
  public init(_ name: String, _ value: @escaping () -> Double?) {
    self.name = name
    self.value = value
  }
}

extension Tally {
  /// What became of it.
  struct Outcome: Sendable, Hashable {
    let name: String
    let value: Double?
  }

  var outcome: Outcome { Outcome(name: name, value: value()) }
}
