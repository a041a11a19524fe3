internal import VarveSystem

/// The names of a disk: the live ones, the durable ones, and the operations in between.
struct NameTree {
  typealias Slot = NameOperation.Slot

  private(set) var live = NameGraph()
  private(set) var durable = NameGraph()
  private(set) var unsynced: [NameOperation] = []

  /// Linux's NAME_MAX.
  private static let nameByteLimit = 255

  /// Where a path leads. The root has no slot.
  struct Place {
    let slot: Slot?
    let inode: Int64?
  }

  func place(of path: String, for call: SystemCall) throws(SystemError) -> Place {
    guard !path.isEmpty else { throw SystemError(call, .noSuchFile) }
    var place = Place(slot: nil, inode: NameGraph.root)
    for part in path.utf8.split(separator: UInt8(ascii: "/")) {
      let name = String(Substring(part))
      if name == "." { continue }
      guard let directory = place.inode else { throw SystemError(call, .noSuchFile) }
      guard live.isDirectory(directory) else { throw SystemError(call, .notDirectory) }
      guard name.utf8.count <= Self.nameByteLimit else { throw SystemError(call, .nameTooLong) }
      let slot = Slot(directory: directory, name: name)
      place = Place(slot: slot, inode: live[slot])
    }
    return place
  }

  mutating func create(_ slot: Slot, inode: Int64) {
    perform(.create(slot, inode: inode))
  }

  mutating func createDirectory(_ slot: Slot, inode: Int64) {
    live.addDirectory(inode)
    durable.addDirectory(inode)
    perform(.create(slot, inode: inode))
  }

  mutating func unlink(_ slot: Slot, inode: Int64) {
    perform(.unlink(slot, inode: inode))
  }

  /// Gives another name. Returns whose it was.
  mutating func rename(_ from: Place, to: Place) throws(SystemError) -> Int64? {
    guard let inode = from.inode else { throw SystemError(.rename, .noSuchFile) }
    guard let source = from.slot, let target = to.slot else {
      throw SystemError(.rename, .busy)
    }
    if to.inode == inode { return nil }
    if live.isDirectory(inode), live.ancestors(of: target.directory)?.contains(inode) == true {
      throw SystemError(.rename, .invalid)
    }
    if let replaced = to.inode {
      if live.ancestors(of: source.directory)?.contains(replaced) == true {
        throw SystemError(.rename, .notEmpty)
      }
      switch (live.isDirectory(inode), live.isDirectory(replaced)) {
      case (false, true): throw SystemError(.rename, .isDirectory)
      case (true, false): throw SystemError(.rename, .notDirectory)
      case (true, true) where !live.names(in: replaced).isEmpty:
        throw SystemError(.rename, .notEmpty)
      default: break
      }
    }
    perform(.rename(from: source, to: target, inode: inode, replaced: to.inode))
    return to.inode
  }

  private mutating func perform(_ operation: NameOperation) {
    live.apply(operation)
    unsynced.append(operation)
  }

  /// All inodes that a name leads to, now or perhaps after a power cut.
  var mentioned: Set<Int64> {
    unsynced.reduce(into: live.named.union(durable.named)) { $0.formUnion($1.inodes) }
  }
}

// MARK: Durability

extension NameTree {
  /// Makes the operations on a directory durable, and with them those that they built upon.
  mutating func sync(_ directory: Int64) {
    var slots: Set<Slot> = []
    var parents: Set<Int64> = []
    var synced: Set<Int> = []
    for (index, operation) in unsynced.enumerated().reversed() {
      let isSynced =
        operation.slots.contains { $0.directory == directory || slots.contains($0) }
        || operation.placed.map { parents.contains($0.inode) } ?? false
      guard isSynced else { continue }
      synced.insert(index)
      slots.formUnion(operation.slots)
      guard let placed = operation.placed else { continue }
      // What was moved into a directory is not lost with that directory's own name.
      if case .rename = operation { parents.insert(placed.slot.directory) }
      if parents.contains(placed.inode) { parents.insert(placed.slot.directory) }
    }
    for index in synced.sorted() { durable.apply(unsynced[index]) }
    unsynced = unsynced.enumerated().filter { !synced.contains($0.offset) }.map(\.element)
  }

  /// The power goes: each unsynced operation is kept or not.
  mutating func cutPower(using random: inout SplitMix) {
    let odds = PowerCutOdds(using: &random)
    for operation in unsynced where odds.keeps(using: &random) { durable.apply(operation) }
    loseUnsynced()
  }

  /// The same, and of these operations those are kept that have such a place among them, as far as
  /// what they need is kept.
  mutating func cutPower(keeping kept: Set<Int>) {
    for (number, operation) in unsynced.enumerated() where kept.contains(number) {
      durable.apply(operation)
    }
    loseUnsynced()
  }

  private mutating func loseUnsynced() {
    unsynced = []
    durable.removeUnreachable()
    live = durable
  }
}
