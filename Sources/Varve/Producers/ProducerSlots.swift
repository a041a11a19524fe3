/// By producer, the slot of its state: a table of open addressing, of four bytes a cell, which leaves the
/// ids where they are.
///
/// Not a dictionary of the standard library, which takes longer to hash an id, in a way that withstands
/// more than ids can do, than all else that a producer's next batch asks for; and which has them twice.
struct ProducerSlots: Sendable {
  /// A slot each; negative for none. A power of two of them, or none at all.
  private var cells: ContiguousArray<Int32> = []
  private(set) var count = 0
  /// Whoever chooses ids does not choose where they meet.
  private let seed = UInt64.random(in: .min ... .max)

  private static let empty: Int32 = -1
  private static let leastCellCount = 16

  @inline(__always)
  func slot(of id: Int64, in states: PagedArray<ProducerState>) -> Int? {
    guard !cells.isEmpty else { return nil }
    var cell = home(of: id)
    while cells[cell] >= 0 {
      let slot = Int(cells[cell])
      if states[slot].id == id { return slot }
      cell = next(cell)
    }
    return nil
  }

  /// Takes in the slot of a producer that has none, and whose state is there already.
  mutating func insert(_ slot: Int, in states: PagedArray<ProducerState>) {
    // A quarter is free, so that no way to an empty cell is long.
    if (count + 1) * 4 > cells.count * 3 { grow(states) }
    put(slot, of: states[slot].id)
    count += 1
  }

  /// Forgets a producer whose state is still there. Of one that has no slot there is nothing to forget.
  mutating func remove(_ slot: Int, in states: PagedArray<ProducerState>) {
    var hole = home(of: states[slot].id)
    while cells[hole] != slot {
      guard cells[hole] >= 0 else { return }
      hole = next(hole)
    }
    // What was moved past the hole when it came, moves up: there are no marks of who was there.
    var cell = next(hole)
    while cells[cell] >= 0 {
      let home = home(of: states[Int(cells[cell])].id)
      if distance(from: home, to: cell) >= distance(from: hole, to: cell) {
        cells[hole] = cells[cell]
        hole = cell
      }
      cell = next(cell)
    }
    cells[hole] = Self.empty
    count -= 1
  }

  private mutating func grow(_ states: PagedArray<ProducerState>) {
    let old = cells
    cells = ContiguousArray(
      repeating: Self.empty, count: max(Self.leastCellCount, old.count * 2))
    for slot in old where slot >= 0 { put(Int(slot), of: states[Int(slot)].id) }
  }

  private mutating func put(_ slot: Int, of id: Int64) {
    var cell = home(of: id)
    while cells[cell] >= 0 { cell = next(cell) }
    cells[cell] = Int32(slot)
  }

  /// Where the way to a producer begins. Two multiplications mix its number well enough.
  private func home(of id: Int64) -> Int {
    var bits = (UInt64(bitPattern: id) ^ seed) &* 0xff51_afd7_ed55_8ccd
    bits = (bits ^ bits >> 32) &* 0xc4ce_b9fe_1a85_ec53
    return Int(truncatingIfNeeded: bits >> 32) & (cells.count - 1)
  }

  private func next(_ cell: Int) -> Int { (cell + 1) & (cells.count - 1) }
  private func distance(from: Int, to: Int) -> Int { (to - from) & (cells.count - 1) }
}
