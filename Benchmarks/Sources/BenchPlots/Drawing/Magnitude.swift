/// Numbers as charts and tables have them: three digits that mean something.
enum Magnitude {
  /// In thousands, millions or billions, and without zeros that say nothing.
  static func short(_ value: Double) -> String {
    switch value.magnitude {
    case ..<999.5: digits(value)
    case ..<999.5e3: digits(value / 1e3) + "k"
    case ..<999.5e6: digits(value / 1e6) + "M"
    default: digits(value / 1e9) + "G"
    }
  }

  private static func digits(_ value: Double) -> String {
    let decimals =
      switch value.magnitude {
      case ..<0.1: 4
      case ..<9.995: 2
      case ..<99.95: 1
      default: 0
      }
    let unit = [1, 10, 100, 1000, 10_000][decimals]
    let (whole, part) = Int((value.magnitude * Double(unit)).rounded())
      .quotientAndRemainder(dividingBy: unit)
    let zeros = String(repeating: "0", count: decimals - (part == 0 ? 0 : String(part).count))
    var fraction = part == 0 ? "" : zeros + String(part)
    while fraction.last == "0" { fraction.removeLast() }
    return (value < 0 ? "-" : "") + String(whole) + (fraction.isEmpty ? "" : "." + fraction)
  }
}
