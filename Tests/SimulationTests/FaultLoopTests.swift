import Testing
import Varve
import VarveSystem
import VarveTesting

/// The first call of a kind fails, then the second one, and so on until the scenario passes without a
/// fault: errors are typed, what was acknowledged stays, nothing but a sync poisons the log, and it goes
/// on, or is opened again.
@Suite struct FaultLoopTests {
  @Test(arguments: FailingCall.all)
  func oneFailureCostsNothing(_ fault: FailingCall) throws {
    for scenario in FaultScenario.all {
      let loop = FaultLoop(fault: fault, scenario: scenario)
      if let failure = loop.firstFailure() { Issue.record("\(failure)") }
    }
  }

  /// No call that a log makes is left out of the table.
  @Test(arguments: Settings.bothWriters)
  func eachCallOfALogCanFail(_ settings: Settings) throws {
    for scenario in FaultScenario.all {
      let simulation = Simulation(settings)
      for step in scenario.before + scenario.steps { try simulation.perform(step) }
      for call in SystemCall.allCases where call.plausibleErrnos.isEmpty {
        #expect(simulation.fileSystem.count(of: call) == 0, "\(call.rawValue) in \(scenario.name)")
      }
    }
  }
}

/// A scenario with one call that fails, over and over, each time a later one.
struct FaultLoop {
  let fault: FailingCall
  let scenario: FaultScenario

  /// What went wrong; nil if nothing did until the scenario made no more such calls.
  func firstFailure() -> String? {
    for number in stride(from: 1, through: .max, by: Extent.stride) {
      let simulation = Simulation(fault.settings)
      do {
        guard try isMet(number, in: simulation) else { return nil }
        simulation.isDiskFailing = false
        try simulation.expectAllDurable()
      } catch {
        return "\(scenario.name), failure \(number): "
          + SeedFailure(seed: 0, error: error, in: simulation).text
      }
    }
    return nil
  }

  /// Whether the scenario came to so many such calls.
  private func isMet(_ number: Int, in simulation: Simulation) throws -> Bool {
    for step in scenario.before { try simulation.perform(step) }
    let before = simulation.fileSystem.count(of: fault.call)
    simulation.failures = []
    simulation.isDiskFailing = true
    simulation.fileSystem.faults = .failing(fault.call, number: number, with: fault.errno)
    for step in scenario.steps {
      try simulation.performOnFailingDisk(step, fault.call)
      try expectTyped(simulation.failures)
    }
    guard simulation.fileSystem.count(of: fault.call) - before >= number else { return false }
    simulation.fileSystem.faults = .none
    try simulation.performOnFailingDisk(Passage.small, fault.call)
    return true
  }

  /// An error says which call has failed and how, or that one has before.
  private func expectTyped(_ errors: [LogError]) throws {
    for error in errors where error.code != .poisoned {
      guard let call = error.systemCall, call.name == fault.call.rawValue,
        call.errno == fault.errno.rawValue
      else { throw SimulationFailure("\(error) does not say what failed") }
    }
  }
}

extension Simulation {
  /// Does a step; where a sync has failed, goes on with a log that is opened again.
  fileprivate func performOnFailingDisk(_ step: Step, _ call: SystemCall) throws {
    try perform(step)
    guard life?.sight.isPoisoned == true else { return }
    try require(
      call == .syncData || call == .syncDirectory, "the log is poisoned by \(call.rawValue)")
    refusals = []
    try perform(.scan)
    // What was not synced may be in memory alone, and is not believed.
    try abandon(as: .power)
  }

  /// The log is good for more, and what a close has made durable outlives a power cut.
  func expectAllDurable() throws {
    try run([
      Passage.small, .scan, Passage.large, .maintain(1), Passage.large, Passage.large, .maintain(1),
    ])
    for seed in 0..<4 as Range<UInt64> {
      try perform(.close(isRepeated: false))
      fileSystem.crash(.power, seed: seed)
      lastCrash = .power
      try perform(.scan)
    }
  }
}
