/// Something that a benchmark is held against: run in turn with it, so that both meet the same
/// weather.
public struct Reference<Subject> {
  /// What it is, such as `write(2)`.
  public let name: String
  let routine: Subject

  /// Creates a reference.
  ///
  /// - Parameters:
  ///   - name: What it is.
  ///   - routine: What is timed. References of its own are not run.
  public init(_ name: String, _ routine: Subject) {
    self.name = name
    self.routine = routine
  }
}

/// The reference that does the least that any code does for the same.
public let limitName = "limit"
