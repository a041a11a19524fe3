import Testing
import Varve
import VarveTesting

/// The comparison itself: a log that is not what its producers have made of it is told from one that is.
@Suite struct ProducerCheckTests {
  typealias Entries = [ProducerModel.Entry]

  /// A committed transaction, an aborted one, an open one, and a batch without.
  private static let steps: [Step] = [
    .produce(1, .send([10, 10], isTransactional: true, .batch)),
    .produce(2, .send([10], isTransactional: true, .produced)),
    .produce(1, .end(EndTransactionMarker(.committed, coordinatorEpoch: 0), fences: false)),
    .produce(0, .send([10], isTransactional: false, .durable)),
    .produce(2, .end(EndTransactionMarker(.aborted, coordinatorEpoch: 0), fences: false)),
    .append([20], .records),
    .produce(3, .send([10, 10, 10], isTransactional: true, .batch)),
  ]

  private func simulation() throws -> Simulation {
    let simulation = Simulation(Settings())
    for step in Self.steps { try simulation.perform(step) }
    return simulation
  }

  @Test func whatIsRightIsNot() throws {
    let simulation = try simulation()
    try simulation.checkProducers(try simulation.openIfNeeded())
    #expect(simulation.producers.entries.count == 6)
    for id in [0, 3] { try simulation.perform(.produce(id, .again(back: 0, .batch))) }
    #expect(simulation.coverage.counts[.duplicate] == 2)
    #expect(simulation.producers.open == [3])
    let stable = try simulation.openIfNeeded().lastStableOffset
    #expect(stable == 7)
  }

  /// What a model is told that is not so.
  enum Lie: CaseIterable {
    case batchMissing, batchElsewhere, batchOfLaterLife, batchOutOfOrder
    case markerMissing, markerOfOtherOutcome, markerOfLaterCoordinator

    func change(_ entries: inout Entries) throws {
      let marker = try #require(entries.lastIndex { $0.marker != nil })
      switch self {
      case .batchMissing: entries.removeLast()
      case .batchElsewhere: entries[5].baseOffset = entries[5].baseOffset.advanced(by: -1)
      case .batchOfLaterLife: entries[5].producer = Producer(id: 3, epoch: 1)
      case .batchOutOfOrder: entries[5].baseSequence = 1
      case .markerMissing: entries.remove(at: marker)
      case .markerOfOtherOutcome:
        entries[marker].marker = EndTransactionMarker(.committed, coordinatorEpoch: 0)
      case .markerOfLaterCoordinator:
        entries[marker].marker = EndTransactionMarker(.aborted, coordinatorEpoch: 1)
      }
    }
  }

  @Test(arguments: Lie.allCases)
  func whatIsWrongIsFound(_ lie: Lie) throws {
    let simulation = try simulation()
    try Self.tell(simulation, lie.change)
    #expect(throws: SimulationFailure.self) {
      try simulation.checkProducers(try simulation.openIfNeeded())
    }
    #expect(throws: SimulationFailure.self) { try simulation.perform(.close(isRepeated: false)) }
  }

  /// A batch that is taken for lost, and is known; and one that is taken for known, and is lost.
  @Test func whatIsSentAgainIsFound() throws {
    let known = try simulation()
    try Self.tell(known) { $0.removeLast() }
    #expect(throws: SimulationFailure.self) {
      try known.perform(.produce(3, .again(back: 0, .batch)))
    }
    let lost = try simulation()
    try lost.perform(.produce(3, .send([10], isTransactional: true, .batch)))
    #expect(lost.producers.entries.count == 7)
    let other = try simulation()
    (other.producers, other.clients) = (lost.producers, lost.clients)
    #expect(throws: SimulationFailure.self) {
      try other.perform(.produce(3, .again(back: 0, .batch)))
    }
  }

  private static func tell(
    _ simulation: Simulation, _ change: (inout Entries) throws -> Void
  ) throws {
    var entries = simulation.producers.entries
    try change(&entries)
    simulation.producers = ProducerModel()
    for entry in entries { simulation.producers.append(entry) }
  }
}
