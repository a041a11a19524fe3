import VarveTesting

/// A moment of a passage at which the power goes, and what may be kept of what was not synced.
struct Moment {
  /// As the process left it, with a disk that stands still.
  let simulation: Simulation
  /// The same disk, to be cut in many ways.
  private let disk: SimulatedFileSystem
  /// What matters most comes first.
  let items: [UnsyncedItem]

  /// So many items are tried in all combinations; what is beyond goes by seed.
  static let mostItems = 12

  init(_ simulation: Simulation) {
    self.simulation = simulation
    disk = simulation.fileSystem.fork()
    items = disk.unsyncedItems.enumerated()
      .sorted { (Self.rank($0.element), $0.offset) < (Self.rank($1.element), $1.offset) }
      .map(\.element)
  }

  /// The log's own bytes and names come first, and who had the lock comes last.
  private static func rank(_ item: UnsyncedItem) -> Int {
    if item.text.hasSuffix(".log") || item.text.contains("varve-spare") { return 0 }
    if item.text.hasSuffix(".lock") || item.text.hasSuffix("varve.holder") { return 3 }
    return item.text.hasSuffix("varve.side") ? 1 : 2
  }

  /// Whether all combinations of all items can be tried.
  var isSmall: Bool { items.count <= Self.mostItems }

  private var combinationCount: Int { 1 << min(items.count, Self.mostItems) }

  /// What is to be kept, image by image: all combinations, if there are no more than `limit`. If there
  /// are: all, nothing, all but one, one alone, and others by chance.
  func combinations(limit: Int) -> [Int] {
    let count = combinationCount
    guard count > limit else { return Array(0..<count) }
    let bits = (0..<min(items.count, Self.mostItems)).map { 1 << $0 }
    var chosen = [0, count - 1] + bits.map { count - 1 - $0 } + bits
    var random = SplitMix(seed: UInt64(count))
    while chosen.count < limit { chosen.append(random.number(below: count)) }
    return Array(chosen.prefix(limit))
  }

  /// What a power cut leaves.
  func image(_ combination: Int) -> SimulatedFileSystem {
    disk.fork(
      cuttingPowerKeeping: kept(combination), keepsFacts: combination.nonzeroBitCount % 2 == 0)
  }

  func kept(_ combination: Int) -> [UnsyncedItem] {
    var random = SplitMix(seed: UInt64(combination))
    return items.enumerated().filter { number, _ in
      number < Self.mostItems ? combination & 1 << number != 0 : random.isOne(in: 2)
    }.map(\.element)
  }
}
