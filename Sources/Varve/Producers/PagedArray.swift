/// An array in pages, which grows by one of them, and of whose copies a change copies one: of a large
/// one, what others hold is never moved in one go.
struct PagedArray<Element> {
  private(set) var pages: [ContiguousArray<Element>] = []

  private static var shift: Int { 10 }
  /// Elements of a page.
  static var pageCount: Int { 1 << shift }

  /// How many elements there are.
  var count: Int {
    pages.isEmpty ? 0 : (pages.count - 1) << Self.shift + pages[pages.count - 1].count
  }

  subscript(index: Int) -> Element {
    get { pages[index >> Self.shift][index & (Self.pageCount - 1)] }
    // In place: an element may be large, and of it a part be changed.
    _modify { yield &pages[index >> Self.shift][index & (Self.pageCount - 1)] }
  }

  mutating func append(_ element: Element) {
    if pages.last.map({ $0.count == Self.pageCount }) ?? true { pages.append([]) }
    pages[pages.count - 1].append(element)
  }
}

extension PagedArray: Sendable where Element: Sendable {}
