/// Numbers as a reader wants them.
enum NumberText {
  /// With so many digits after the point.
  static func fixed(_ value: Double, digits: Int) -> String {
    let unit = (0..<digits).reduce(1.0) { unit, _ in unit * 10 }
    let scaled = (value.magnitude * unit).rounded()
    guard scaled < 1e18 else { return String(value) }
    let sign = value < 0 && scaled > 0 ? "-" : ""
    let (whole, part) = UInt64(scaled).quotientAndRemainder(dividingBy: UInt64(unit))
    guard digits > 0 else { return sign + String(whole) }
    let fraction = String(part)
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return "\(sign)\(whole).\(zeros)\(fraction)"
  }

  /// With three digits that mean something, and all those before the point.
  static func significant(_ value: Double) -> String {
    switch value.magnitude {
    case ..<10: fixed(value, digits: 2)
    case ..<100: fixed(value, digits: 1)
    default: fixed(value, digits: 0)
    }
  }

  /// In thousands, millions or billions.
  static func scaled(_ value: Double) -> String {
    switch value.magnitude {
    case ..<1e3: significant(value)
    case ..<1e6: significant(value / 1e3) + "k"
    case ..<1e9: significant(value / 1e6) + "M"
    default: significant(value / 1e9) + "G"
    }
  }

  /// As it would be written by hand: no digits that say nothing.
  static func short(_ value: Double) -> String {
    guard value.magnitude < 1e4 else { return withoutTrailingZeros(scaled(value)) }
    return withoutTrailingZeros(fixed(value, digits: 3))
  }

  /// A count per iteration. What happens now and then isn't shown as never.
  static func count(_ value: Double) -> String {
    if value > 0 && value < 0.005 { return "<0.01" }
    return value.rounded() == value ? fixed(value, digits: 0) : significant(value)
  }

  private static func withoutTrailingZeros(_ text: String) -> String {
    let unit = text.last.flatMap { "kMG".contains($0) ? String($0) : nil } ?? ""
    var number = text.dropLast(unit.count)
    guard number.contains(".") else { return text }
    while number.last == "0" { number.removeLast() }
    if number.last == "." { number.removeLast() }
    return number + unit
  }
}
