/// Rows whose columns stand below each other.
struct Table {
  enum Alignment { case left, right }

  private let columns: [(title: String, alignment: Alignment)]
  private var rows: [[String]] = []

  init(_ columns: [(title: String, alignment: Alignment)]) { self.columns = columns }

  mutating func append(_ cells: [String]) { rows.append(cells) }

  /// The lines: aligned for a person; in a pipe apart by tabs, for programs.
  func lines(for style: Style) -> [String] {
    guard style.isColoured else {
      return ([columns.map(\.title)] + rows).map { $0.joined(separator: "\t") }
    }
    let widths = columns.indices.map { column in
      ([columns[column].title] + rows.map { $0[column] }).map(\.count).max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      zip(cells, zip(columns, widths)).map { cell, column in
        let blank = String(repeating: " ", count: column.1 - cell.count)
        return column.0.alignment == .left ? cell + blank : blank + cell
      }.joined(separator: "  ")
    }
    return [style.strong(line(columns.map(\.title)))] + rows.map(line)
  }
}
