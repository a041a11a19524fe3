/// An LZ4 block, without undoing it.
enum LZ4Block {
  /// In four bits: more follows in bytes of its own.
  private static let extended = 15
  private static let shortestMatch = 4
  private static let distanceByteCount = 2

  /// How many bytes come out of a block, by the lengths in it alone; nil where these are none.
  static func contentByteCount(of block: RawSpan) -> Int? {
    var (position, sum) = (0, 0)
    while position < block.byteCount {
      let token = Int(block.byte(at: position))
      position += 1
      guard let literals = length(token >> 4, of: block, at: &position) else { return nil }
      position += literals
      sum += literals
      // The last sequence ends behind its literals.
      if position == block.byteCount { return sum }
      position += distanceByteCount
      guard let match = length(token & 15, of: block, at: &position) else { return nil }
      sum += match + shortestMatch
    }
    return nil
  }

  /// A length of which four bits are known.
  private static func length(_ bits: Int, of block: RawSpan, at position: inout Int) -> Int? {
    var length = bits
    guard length == extended else { return length }
    while position < block.byteCount {
      let more = block.byte(at: position)
      position += 1
      length += Int(more)
      if more < 255 { return length }
    }
    return nil
  }
}
