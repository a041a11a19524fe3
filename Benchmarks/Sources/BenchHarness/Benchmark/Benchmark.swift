/// Something to measure: what it's called, what it processes, and how to get it ready.
public struct Benchmark: Sendable {
  /// The name, such as `format/encode/1KiB/64`: slashes from the general to the particular.
  public let name: String
  /// The records that one iteration processes.
  public let records: Int
  /// The bytes that one iteration processes, or 0 where that means nothing.
  public let bytes: Int
  /// What is wanted of it. Shown as met or missed.
  public let goals: [Goal]

  let form: Form

  enum Form: Sendable {
    case throughput(@Sendable (Surroundings) throws -> Routine)
    case latency(Pace, @Sendable (Surroundings) throws -> LatencyRoutine)
  }

  /// Creates a benchmark of how long many iterations take together.
  ///
  /// - Parameters:
  ///   - name: The name, without that of the suite.
  ///   - records: The records that one iteration processes.
  ///   - bytes: The bytes that one iteration processes.
  ///   - goals: What is wanted of it.
  ///   - prepare: Gets everything ready that is not to be timed, and returns what is.
  public init(
    _ name: String, records: Int = 1, bytes: Int = 0, goals: [Goal] = [],
    prepare: @escaping @Sendable () throws -> Routine
  ) {
    self.init(name, records: records, bytes: bytes, goals: goals) { _ in try prepare() }
  }

  /// Creates a benchmark of how long many iterations take together, which asks where it is.
  public init(
    _ name: String, records: Int = 1, bytes: Int = 0, goals: [Goal] = [],
    prepare: @escaping @Sendable (Surroundings) throws -> Routine
  ) {
    self.init(
      name: name, records: records, bytes: bytes, goals: goals, form: .throughput(prepare))
  }

  /// Creates a benchmark of how long each single operation takes.
  ///
  /// - Parameters:
  ///   - name: The name, without that of the suite.
  ///   - records: The records that one operation processes.
  ///   - bytes: The bytes that one operation processes.
  ///   - pace: When operations are started.
  ///   - goals: What is wanted of it.
  ///   - prepare: Gets everything ready that is not to be timed, and returns what is.
  /// - Returns: The benchmark.
  public static func latency(
    _ name: String, records: Int = 1, bytes: Int = 0, pace: Pace = .backToBack,
    goals: [Goal] = [], prepare: @escaping @Sendable () throws -> LatencyRoutine
  ) -> Benchmark {
    latency(name, records: records, bytes: bytes, pace: pace, goals: goals) { _ in
      try prepare()
    }
  }

  /// Creates a benchmark of how long each single operation takes, which asks where it is.
  public static func latency(
    _ name: String, records: Int = 1, bytes: Int = 0, pace: Pace = .backToBack,
    goals: [Goal] = [], prepare: @escaping @Sendable (Surroundings) throws -> LatencyRoutine
  ) -> Benchmark {
    Benchmark(
      name: name, records: records, bytes: bytes, goals: goals, form: .latency(pace, prepare))
  }

  private init(name: String, records: Int, bytes: Int, goals: [Goal], form: Form) {
    precondition(records > 0 && bytes >= 0)
    self.name = name
    self.records = records
    self.bytes = bytes
    self.goals = goals
    self.form = form
  }

  func named(_ name: String) -> Benchmark {
    Benchmark(name: name, records: records, bytes: bytes, goals: goals, form: form)
  }
}
