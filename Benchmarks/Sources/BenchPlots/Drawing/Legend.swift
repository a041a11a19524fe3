/// The names of the series in as many lines as they need.
struct Legend {
  struct Entry: Hashable {
    let index: Int
    let name: String
    let x: Double
    let line: Int
  }

  let entries: [Entry]

  init(_ names: [String], _ frame: Frame) {
    var (x, line) = (frame.left, 0)
    entries = names.enumerated().map { index, name in
      let width = 16 + Frame.width(of: name, size: 12) + 18
      if x > frame.left, x + width > frame.right { (x, line) = (frame.left, line + 1) }
      defer { x += width }
      return Entry(index: index, name: name, x: x, line: line)
    }
  }

  var height: Double { Double((entries.last?.line ?? -1) + 1) * Frame.lineHeight }
}
