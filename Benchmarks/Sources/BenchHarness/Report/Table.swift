/// Rows of text in columns that line up: names to the left, figures to the right.
struct Table {
  private var rows: [[String]]

  init(header: [String]) {
    rows = [header]
  }

  /// Adds a row. One with fewer cells than the header ends early.
  mutating func add(_ row: [String]) {
    rows.append(row)
  }

  var isEmpty: Bool { rows.count == 1 }

  var text: String {
    let widths = self.widths
    return rows.map { Self.line($0, widths) }.joined(separator: "\n")
  }

  private var widths: [Int] {
    rows[0].indices.map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
  }

  private static func line(_ row: [String], _ widths: [Int]) -> String {
    let cells = row.indices.map { column in
      let cell = row[column]
      let space = String(repeating: " ", count: widths[column] - cell.count)
      return column == 0 ? cell + space : space + cell
    }
    let line = cells.joined(separator: "  ")
    let blanks = line.reversed().prefix { $0 == " " }.count
    return String(line.dropLast(blanks))
  }
}
