/// The names in each directory, and which inodes they are of. No inode has two.
struct NameGraph {
  typealias Slot = NameOperation.Slot

  static let root: Int64 = 1

  private(set) var directories: [Int64: [String: Int64]] = [root: [:]]

  subscript(slot: Slot) -> Int64? {
    get { directories[slot.directory]?[slot.name] }
    set { directories[slot.directory]?[slot.name] = newValue }
  }

  func isDirectory(_ inode: Int64) -> Bool { directories[inode] != nil }

  mutating func addDirectory(_ inode: Int64) { directories[inode] = [:] }

  func names(in directory: Int64) -> [String] { directories[directory]?.keys.sorted() ?? [] }

  /// A directory and all above it up to the root; nil if no names lead there.
  func ancestors(of directory: Int64) -> Set<Int64>? {
    var found: Set = [directory]
    var current = directory
    while current != Self.root {
      guard let above = directories.first(where: { $0.value.values.contains(current) })?.key,
        found.insert(above).inserted
      else { return nil }
      current = above
    }
    return found
  }

  /// All that names lead to from the root.
  var reachable: Set<Int64> {
    var found: Set = [Self.root]
    var rest = [Self.root]
    while let directory = rest.popLast() {
      for inode in directories[directory]?.values.map(\.self) ?? []
      where found.insert(inode).inserted && isDirectory(inode) { rest.append(inode) }
    }
    return found
  }

  /// All that has a name, be it in a directory that has none.
  var named: Set<Int64> {
    directories.values.reduce(into: [Self.root]) { $0.formUnion($1.values) }
  }

  mutating func removeUnreachable() {
    let reachable = reachable
    directories = directories.filter { reachable.contains($0.key) }
  }

  /// Applies an operation if what it was done to is there, and otherwise does nothing: where it
  /// built upon another operation that was dropped, it is dropped too.
  mutating func apply(_ operation: NameOperation) {
    switch operation {
    case .create(let slot, let inode):
      guard self[slot] == nil else { return }
      self[slot] = inode
    case .unlink(let slot, let inode):
      guard self[slot] == inode else { return }
      self[slot] = nil
    case .rename(let from, let to, let inode, let replaced):
      // A directory whose name was lost would take what was moved there with it, and one that was
      // moved below itself could not be reached.
      guard self[from] == inode, self[to] == replaced, let above = ancestors(of: to.directory),
        !above.contains(inode)
      else { return }
      self[from] = nil
      self[to] = inode
    }
  }
}
