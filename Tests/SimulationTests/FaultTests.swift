import Testing
import Varve
import VarveSystem
import VarveTesting

/// Disks that fail: a sync that poisons a log, and space that runs out and comes back.
@Suite struct FaultTests {
  @Test(arguments: Settings.bothWriters, SystemCall.syncData.plausibleErrnos)
  func aFailedSyncPoisonsAppendsAndNotReads(_ settings: Settings, _ errno: Errno) throws {
    let simulation = Simulation(settings)
    simulation.isDiskFailing = true
    simulation.fileSystem.faults = .failing(.syncData, on: ".log", with: errno)
    for step in [Passage.large, Passage.large, Passage.large, .maintain(1)] {
      try simulation.perform(step)
    }
    try Self.expectPoisoned(try simulation.openIfNeeded())
    try simulation.perform(.scan)
    try simulation.abandon(as: .power)
    simulation.isDiskFailing = false
    try simulation.expectAllDurable()
  }

  private static func expectPoisoned(_ log: Log) throws {
    for call in [{ _ = try log.append(Record(value: "too late")) }, { try Self.close(log) }] {
      let error = #expect(throws: LogError.self) { try call() }
      #expect(error?.code == .poisoned)
    }
  }

  private static func close(_ log: Log) throws { try log.close() }

  @Test(arguments: Settings.bothWriters)
  func appendsGoOnOnceAFullDiskHasSpaceAgain(_ settings: Settings) throws {
    for pageCount in 2..<14 {
      let simulation = Simulation(settings)
      simulation.isDiskFailing = true
      do {
        try simulation.perform(.open)
        let first = ObjectIdentifier(try simulation.openIfNeeded())
        simulation.fileSystem.faults = .full(at: pageCount * 4096)
        var count = 0
        while simulation.refusals.count < 3, count < 100 {
          for step in [Passage.large, Passage.small, .maintain(1), .pass(milliseconds: 150)] {
            try simulation.perform(step)
          }
          count += 1
        }
        #expect(simulation.refusals.count >= 3)
        #expect(simulation.refusals.allSatisfy { $0.code == .full })
        try simulation.perform(.scan)
        simulation.fileSystem.faults = .none
        simulation.isDiskFailing = false
        for step in [
          Passage.large, .maintain(1), .pass(milliseconds: 150), .maintain(1), Passage.large,
        ] {
          try simulation.perform(step)
        }
        #expect(ObjectIdentifier(try simulation.openIfNeeded()) == first)
        try simulation.expectAllDurable()
      } catch {
        Issue.record(
          "\(pageCount) pages: \(SeedFailure(seed: 0, error: error, in: simulation).text)")
        return
      }
    }
  }
}
