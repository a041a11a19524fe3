/// A set of a file's pages, in order, and cheap for long ranges.
struct PageSet {
  private var words: [UInt64] = []
  private(set) var count = 0

  func contains(_ page: Int) -> Bool {
    page >> 6 < words.count && words[page >> 6] & (1 << UInt64(page & 63)) != 0
  }

  mutating func insert(_ page: Int) {
    while words.count <= page >> 6 { words.append(0) }
    guard !contains(page) else { return }
    words[page >> 6] |= 1 << UInt64(page & 63)
    count += 1
  }

  mutating func insert(_ pages: Range<Int>) {
    for page in pages { insert(page) }
  }

  mutating func removeAll(from first: Int) {
    guard first >> 6 < words.count else { return }
    words.removeSubrange((first >> 6 + 1)...)
    words[first >> 6] &= (1 << UInt64(first & 63)) - 1
    count = words.reduce(0) { $0 + $1.nonzeroBitCount }
  }

  mutating func removeAll() { self = PageSet() }

  /// How many of `pages` are not in the set.
  func missing(of pages: Range<Int>) -> Int {
    pages.reduce(0) { $0 + (contains($1) ? 0 : 1) }
  }

  /// The pages, in order.
  var pages: [Int] {
    var found: [Int] = []
    found.reserveCapacity(count)
    for (index, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        found.append(index << 6 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return found
  }
}
