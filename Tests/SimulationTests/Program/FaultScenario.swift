import VarveSystem

/// What is done to a log while one of its calls fails.
struct FaultScenario: Sendable {
  let name: String
  /// What leads up to it, on a good disk.
  var before: [Step] = []
  let steps: [Step]
}

extension FaultScenario {
  /// The ways to find a log, each opened, written to and closed; and a whole life.
  static let all = [life] + (Extent.isWhole ? openings : [])

  private static let openings =
    [
      opening("a new log", []),
      opening("a log that was closed", [Passage.small] + Passage.twoRolls + [Passage.close]),
      opening("a log with spares", Passage.twoRolls + [Passage.kill]),
      opening("a torn log", [Passage.small, .flush] + Passage.twoRolls + [Passage.cut]),
      opening(
        "a poisoned log", [Passage.small, .flush] + Passage.twoRolls + Passage.failedSync),
    ]

  private static func opening(_ name: String, _ before: [Step]) -> FaultScenario {
    FaultScenario(
      name: name, before: before,
      steps: [.open, Passage.small, .flush, Passage.large, Passage.maintain, Passage.close])
  }

  private static let life = FaultScenario(
    name: "a life",
    steps: [
      .open, Passage.small, Passage.large, Passage.maintain, Passage.large, Passage.large,
      Passage.small, Passage.maintain, .pass(milliseconds: 200), Passage.maintain,
      .lookUp(seed: 1), Passage.durable, Passage.large, Passage.large, Passage.large, .scan,
      Passage.close, .open, Passage.small, Passage.maintain, .pass(milliseconds: 20_000),
      Passage.maintain, Passage.small, .flush, Passage.close,
    ])
}

/// A call that fails in some way, in one scenario.
struct FailingCall: Sendable, CustomStringConvertible {
  let call: SystemCall
  let errno: Errno
  let settings: Settings

  var description: String { "\(call.rawValue), \(errno), \(settings.writer)" }

  /// Each call with each way in which it may fail, or with one.
  static let all = Settings.bothWriters.flatMap { settings in
    SystemCall.allCases.flatMap { call in
      call.plausibleErrnos.prefix(Extent.isWhole ? .max : 1).map {
        FailingCall(call: call, errno: $0, settings: settings)
      }
    }
  }
}
