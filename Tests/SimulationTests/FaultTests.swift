import Testing
import Varve
import VarveSystem
import VarveTesting

/// A disk on which one operation fails: the error is typed, what was acknowledged stays, and the
/// log goes on.
@Suite struct FaultTests {
  struct Fault: CustomTestStringConvertible, Sendable {
    let call: SystemCall
    let errno: Errno
    let settings: Settings

    var testDescription: String { "\(call.rawValue), \(errno), \(settings.writer)" }
  }

  private static let calls: [SystemCall] = [
    .open, .status, .read, .list, .space, .write, .allocate, .truncate, .syncData, .map, .populate,
    .rename, .unlink, .makeDirectory, .syncDirectory,
  ]

  static let faults = Settings.bothWriters.flatMap { settings in
    [Errno.noSpace, .inputOutput].flatMap { errno in
      calls.map { Fault(call: $0, errno: errno, settings: settings) }
    }
  }

  private static let large = Step.append([2800], .spans)
  private static let small = Step.append([300], .records)
  private static let program: [Step] = [
    .open, small, large, .maintain(2), large, large, small, .maintain(2),
    .pass(milliseconds: 200), .maintain(2), .lookUp(seed: 1), large, large, large, large, .scan,
    .close(isRepeated: false), .open, small, .maintain(2), .pass(milliseconds: 20_000),
    .maintain(2), small, .close(isRepeated: false),
  ]

  @Test(arguments: faults)
  func oneFailureCostsNothing(_ fault: Fault) throws {
    var number = 0
    while true {
      number += 1
      let simulation = Simulation(fault.settings)
      do {
        simulation.isDiskFailing = true
        simulation.fileSystem.faults = .failing(fault.call, number: number, with: fault.errno)
        for step in Self.program { try simulation.performOnFailingDisk(step) }
        // How often it would have come to the call.
        if simulation.fileSystem.count(of: fault.call) < number { break }
        simulation.fileSystem.faults = .none
        try simulation.performOnFailingDisk(Self.small)
        simulation.isDiskFailing = false
        try Self.expectAllDurable(simulation)
      } catch {
        Issue.record(
          "failure \(number): \(SeedFailure(seed: 0, error: error, in: simulation).text)")
        return
      }
    }
  }

  /// The log is good for more, and what a close has made durable outlives a power cut.
  private static func expectAllDurable(_ simulation: Simulation) throws {
    try simulation.run([small, .scan, large, .maintain(1), large, large, .maintain(1)])
    for seed in 0..<4 as Range<UInt64> {
      try simulation.perform(.close(isRepeated: false))
      simulation.fileSystem.crash(.power, seed: seed)
      simulation.lastCrash = .power
      try simulation.perform(.scan)
    }
  }

  @Test(arguments: Settings.bothWriters)
  func aFailedSyncPoisonsAppendsAndNotReads(_ settings: Settings) throws {
    let simulation = Simulation(settings)
    simulation.isDiskFailing = true
    simulation.fileSystem.faults = .failing(.syncData, on: ".log", with: .inputOutput)
    for step in [Self.large, Self.large, Self.large, .maintain(1)] { try simulation.perform(step) }
    try Self.expectPoisoned(try simulation.openIfNeeded())
    try simulation.perform(.scan)
    try simulation.abandon(as: .power)
    simulation.isDiskFailing = false
    try Self.expectAllDurable(simulation)
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
          for step in [Self.large, Self.small, .maintain(1), .pass(milliseconds: 150)] {
            try simulation.perform(step)
          }
          count += 1
        }
        #expect(simulation.refusals.count >= 3)
        #expect(simulation.refusals.allSatisfy { $0.code == .full })
        try simulation.perform(.scan)
        simulation.fileSystem.faults = .none
        simulation.isDiskFailing = false
        for step in [Self.large, .maintain(1), .pass(milliseconds: 150), .maintain(1), Self.large] {
          try simulation.perform(step)
        }
        #expect(ObjectIdentifier(try simulation.openIfNeeded()) == first)
        try Self.expectAllDurable(simulation)
      } catch {
        Issue.record(
          "\(pageCount) pages: \(SeedFailure(seed: 0, error: error, in: simulation).text)")
        return
      }
    }
  }
}

extension Simulation {
  /// Does a step; where a sync has failed, goes on with a log that is opened again.
  func performOnFailingDisk(_ step: Step) throws {
    try perform(step)
    if life?.sight.isPoisoned == true {
      refusals = []
      try perform(.scan)
      // What was not synced may be in memory alone, and is not believed.
      try abandon(as: .power)
    }
  }
}
