import Varve
import VarveTesting

/// Draws steps for one program.
struct StepDrawing {
  private let segmentByteCount: Int
  /// The one size of most values, where there is one: then the batches of one life lie where those
  /// of another lay, and end where sectors and pages do, so that bytes that come back from behind a
  /// cut go on where the log ends.
  private let usualSize: Int?
  /// Of so many steps, one ends a life.
  private let crashOdds: Int
  private let maintenanceOdds: Int
  /// How many steps on the next crash comes, where it follows close upon another one: what the first
  /// one left is then still there.
  private var stepsToCrash: Int?
  /// Of so many steps, one lets the disk fail for a while; nil for a good disk.
  private let faultOdds: Int?
  private var stepsToMend: Int?
  /// Of so many steps, one cuts the log, or has another leader begin; nil for a log without leaders.
  private let leaderOdds: Int?
  /// Of so many steps, one deletes records; nil for a log that keeps all.
  private let deletionOdds: Int?
  /// Of so many steps, one is a producer's; nil for a log without.
  private let producerOdds: Int?
  /// The reign of the coordinator of transactions.
  private var coordinatorEpoch: Int32 = 0

  init(_ settings: Settings, using random: inout SplitMix) {
    segmentByteCount = settings.segmentByteCount
    usualSize =
      random.isOne(in: 2)
      ? RecordSource.valueSize(inBatchOf: [512, 512, 1024, 2048][random.number(below: 4)]) : nil
    crashOdds = [12, 25, 60][random.number(below: 3)]
    maintenanceOdds = [3, 6, 30][random.number(below: 3)]
    faultOdds = random.isOne(in: 3) ? [25, 60][random.number(below: 2)] : nil
    leaderOdds = random.isOne(in: 2) ? [15, 40][random.number(below: 2)] : nil
    deletionOdds = random.isOne(in: 3) ? [20, 60][random.number(below: 2)] : nil
    producerOdds = random.isOne(in: 2) ? [2, 4][random.number(below: 2)] : nil
  }

  mutating func next(using random: inout SplitMix) -> Step {
    if let fault = nextFault(using: &random) { return fault }
    if let rest = stepsToCrash {
      stepsToCrash = rest - 1
      if rest == 0 { return crash(using: &random) }
    } else if random.isOne(in: crashOdds) {
      return crash(using: &random)
    }
    if let leaderOdds, random.isOne(in: leaderOdds) { return leaderStep(using: &random) }
    if let deletionOdds, random.isOne(in: deletionOdds) {
      return .deleteRecords(back: distance(using: &random))
    }
    if let producerOdds, random.isOne(in: producerOdds) { return producerStep(using: &random) }
    if random.isOne(in: maintenanceOdds) { return .maintain(1 + random.number(below: 3)) }
    switch random.number(below: 40) {
    case 0: return .close(isRepeated: random.isOne(in: 2))
    case 1: return .scan
    case 2: return rareStep(using: &random)
    case 3, 4: return .lookUp(seed: random.next())
    case 9: return .flush
    case 5...8: return .pass(milliseconds: milliseconds(using: &random))
    default: return append(using: &random)
    }
  }

  /// Lets the disk fail, and mends it some steps later.
  private mutating func nextFault(using random: inout SplitMix) -> Step? {
    guard let faultOdds else { return nil }
    guard let rest = stepsToMend else {
      guard random.isOne(in: faultOdds) else { return nil }
      stepsToMend = 2 + random.number(below: 14)
      return .fail(DiskFault(using: &random))
    }
    stepsToMend = rest > 0 ? rest - 1 : nil
    return rest == 0 ? .mend : nil
  }

  private func leaderStep(using random: inout SplitMix) -> Step {
    switch random.number(below: 16) {
    case 0:
      .restart(
        [-distance(using: &random), 0, distance(using: &random)][
          random.number(below: 3)])
    case 1..<8: .lead
    default: .truncate(back: distance(using: &random))
    }
  }

  private func distance(using random: inout SplitMix) -> Int {
    random.number(below: [4, 40, 400][random.number(below: 3)])
  }

  private func rareStep(using random: inout SplitMix) -> Step {
    switch random.number(below: 6) {
    case 0: .abandon
    case 1, 2: .release
    default: .hold(seed: random.next())
    }
  }

  private mutating func crash(using random: inout SplitMix) -> Step {
    stepsToCrash = random.isOne(in: 2) ? 1 + random.number(below: 5) : nil
    let plan = CrashPlan(
      crash: random.isOne(in: 3) ? .kill : .power, seed: random.next())
    return .crash(plan, after: random.isOne(in: 2) ? 0 : random.number(below: 40))
  }

  private func milliseconds(using random: inout SplitMix) -> Int {
    [1, 1, 20, 120, 120, 2_000, 11_000, 40_000][random.number(below: 8)]
  }
}

// MARK: Appends

extension StepDrawing {
  private func append(using random: inout SplitMix) -> Step {
    let form = AppendForm.allCases[random.number(below: AppendForm.allCases.count)]
    if let usualSize, !random.isOne(in: 8) { return .append([usualSize], form) }
    let count = form == .spans || random.isOne(in: 2) ? 1 : 1 + random.number(below: 6)
    return .append((0..<count).map { _ in size(using: &random) / count }, form)
  }

  private func size(using random: inout SplitMix) -> Int {
    switch random.number(below: 24) {
    case 0: 0
    case 1: segmentByteCount - 200 + random.number(below: 200)
    case 2: segmentByteCount / 2 + random.number(below: segmentByteCount / 2)
    case 3...6: random.number(below: segmentByteCount / 4)
    case 7...12: random.number(below: 600)
    default: random.number(below: 100)
    }
  }

  private mutating func producerStep(using random: inout SplitMix) -> Step {
    if random.isOne(in: 12) { return .readCommitted(seed: random.next()) }
    let id = random.number(below: ProducerClient.count)
    return .produce(id, deed(of: id, using: &random))
  }

  private mutating func deed(of id: Int, using random: inout SplitMix) -> ProducerDeed {
    let form = ProducedForm.allCases[random.number(below: ProducedForm.allCases.count)]
    switch random.number(below: 24) {
    case 0..<4: return .again(back: random.number(below: 7), form)
    case 4..<9: return end(using: &random)
    case 9: return .restart
    case 10: return .late
    case 11: return .gap
    default:
      // The first one has no transactions, the last one nothing else.
      let isTransactional = id > 0 && (id == ProducerClient.count - 1 || random.isOne(in: 2))
      return .send(producedSizes(using: &random), isTransactional: isTransactional, form)
    }
  }

  private mutating func end(using random: inout SplitMix) -> ProducerDeed {
    if random.isOne(in: 24) { coordinatorEpoch += 1 }
    let isLate = random.isOne(in: 24)
    let marker = EndTransactionMarker(
      random.isOne(in: 2) ? .aborted : .committed,
      coordinatorEpoch: max(0, coordinatorEpoch - (isLate ? 1 : 0)))
    return .end(marker, fences: random.isOne(in: 8))
  }

  private func producedSizes(using random: inout SplitMix) -> [Int] {
    if let usualSize, !random.isOne(in: 4) { return [usualSize] }
    return (0..<1 + random.number(below: 4)).map { _ in random.number(below: 200) }
  }
}
