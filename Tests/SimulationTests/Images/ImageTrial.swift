import Synchronization
import Varve
import VarveTesting

/// Tries what power cuts at each moment of a passage may leave: each image is recovered to a legal
/// state, which outlives another power cut, and is what it is when it is opened again; and Kafka loads
/// it.
struct ImageTrial {
  let passage: Passage
  var mutation: SyncMutation?
  /// So many images of a moment are tried at the most.
  var limit = Self.wholeCount

  /// All combinations of as many items as are tried in all combinations.
  static let wholeCount = 1 << Moment.mostItems

  private(set) var momentCount = 0
  /// Moments of which all images were tried.
  private(set) var wholeMomentCount = 0
  private(set) var imageCount = 0
  private var seen: Set<Seen> = []

  init(_ passage: Passage, mutation: SyncMutation? = nil, limit: Int = ImageTrial.wholeCount) {
    self.passage = passage
    self.mutation = mutation
    self.limit = limit
  }

  /// What was looked at needs no second look, unless more has been promised since.
  private struct Seen: Hashable {
    let fingerprint: Int
    let durableEnd: Offset
    let count: Int
    let uncertainCount: Int
    let uncertainCut: ModelLog.Cut?
    let uncertainStarts: Set<Offset>
  }

  /// How many different images were tried.
  var distinctCount: Int { seen.count }

  /// Where a property broke; nil if nowhere.
  mutating func firstFailure() throws -> String? {
    let count = try passage.mutationCount
    // Before an engine comes to what it does not do, it is as good as any.
    guard let start = try mutation.map({ try passage.count(before: $0.sites) }) ?? 0 else {
      return nil
    }
    for point in start...count {
      let moment = try passage.moment(at: point, of: count, mutation)
      momentCount += 1
      let combinations = moment.combinations(limit: limit)
      if moment.isSmall, combinations.count == 1 << moment.items.count { wholeMomentCount += 1 }
      for combination in combinations {
        imageCount += 1
        if let failure = try failure(of: combination, moment) {
          return "power cut at operation \(point): \(failure)"
        }
      }
    }
    return nil
  }

  private mutating func failure(of combination: Int, _ moment: Moment) throws -> String? {
    let image = moment.image(combination)
    let history = moment.simulation.history
    let isNew = seen.insert(
      Seen(
        fingerprint: image.fingerprint, durableEnd: history.durableEnd,
        count: history.records.count, uncertainCount: history.uncertain.count,
        uncertainCut: history.uncertainCut, uncertainStarts: history.uncertainStarts)
    ).inserted
    guard isNew else { return nil }
    let after = Simulation(goingOnFrom: moment.simulation, on: image)
    do {
      try after.outliveCuts()
      return nil
    } catch {
      let kept = moment.kept(combination).map { "\($0)" }
      return "kept were \(kept) of \(moment.items)\n"
        + SeedFailure(seed: 0, error: error, in: after).text
    }
  }
}

extension Passage {
  /// How many operations come before the first sync of these; nil if there is none.
  fileprivate func count(before sites: Set<SyncSite>) throws -> Int? {
    let simulation = Simulation(settings)
    for step in before { try simulation.perform(step) }
    let (disk, watch) = (simulation.fileSystem, simulation.watch)
    let start = disk.mutationCount
    let found = Mutex<Int?>(nil)
    disk.onOperation = { call, path in
      watch.note(call, path)
      guard let site = watch.site, sites.contains(site) else { return }
      found.withLock { $0 = $0 ?? disk.mutationCount - start }
    }
    for step in steps { try simulation.perform(step) }
    disk.onOperation = nil
    return found.withLock { $0 }
  }

  /// The passage up to an operation, which does not happen any more; with the last one, up to its end.
  func moment(
    at point: Int, of count: Int, _ mutation: SyncMutation?
  ) throws -> Moment {
    let simulation = Simulation(settings, mutation: mutation)
    for step in before { try simulation.perform(step) }
    try simulation.perform(steps, stoppingAfter: point)
    return Moment(simulation)
  }
}

extension Simulation {
  /// Does steps up to the one in which so many operations have changed something, and lets the world
  /// stop there.
  fileprivate func perform(_ steps: [Step], stoppingAfter count: Int) throws {
    standsStill = true
    fileSystem.stop(afterOperation: fileSystem.mutationCount + count)
    for step in steps where !fileSystem.isStopped { try perform(step) }
    fileSystem.stop()
    life?.finish()
    life = nil
  }

  /// Opens what a power cut has left, and cuts the power again, before and after it is closed.
  fileprivate func outliveCuts() throws {
    try checkClosed()
    try checkKafkaAfterCrash()
    try openIfNeeded()
    try expectAllAfterCut()
    try openAgain()
    try perform(.close(isRepeated: false))
    try expectAllAfterCut()
  }

  /// What is served after a crash is there after another one that takes all it can.
  private func expectAllAfterCut() throws {
    let disk = fileSystem.fork(cuttingPowerKeeping: [], keepsFacts: false)
    let after = Simulation(goingOnFrom: self, on: disk)
    try after.checkKafkaAfterCrash()
    try after.openIfNeeded()
    try after.history.expectAll(history.records)
    journal.append("  outlives another cut")
  }
}
