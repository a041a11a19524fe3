import VarveTesting

/// What a simulation does from its first step to its last.
struct Program: Sendable {
  var settings: Settings
  var steps: [Step]
}

extension Program {
  /// The program of a seed.
  init(seed: UInt64) {
    var random = SplitMix(seed: seed)
    settings = Settings(using: &random)
    // Not drawn: the programs of the others stay what they were.
    settings.saysOpenLate = seed.isMultiple(of: 2)
    var drawing = StepDrawing(settings, using: &random)
    let count = 220 + random.number(below: 160)
    steps = (0..<count).map { _ in drawing.next(using: &random) }
  }
}
