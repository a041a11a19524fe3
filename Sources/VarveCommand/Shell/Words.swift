internal import Varve

extension Int {
  /// So many of something: `1 record`, `2 records`.
  func of(_ one: String, _ many: String? = nil) -> String {
    "\(self) \(self == 1 ? one : many ?? one + "s")"
  }
}

/// A number of bytes, as people write it.
struct ByteCount: RawRepresentable, CustomStringConvertible {
  let rawValue: Int

  private static let units = ["B", "KiB", "MiB", "GiB", "TiB"]

  init(rawValue: Int) { self.rawValue = rawValue }

  init?(parsing text: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let unit = text.dropFirst(digits.count).lowercased()
    guard let number = Int(digits), let power = Self.power(of: unit) else { return nil }
    let (count, isFar) = number.multipliedReportingOverflow(by: 1 << (10 * power))
    guard !isFar else { return nil }
    rawValue = count
  }

  private static func power(of unit: String) -> Int? {
    switch unit {
    case "", "b": 0
    case "k", "kb", "kib": 1
    case "m", "mb", "mib": 2
    case "g", "gb", "gib": 3
    case "t", "tb", "tib": 4
    default: nil
    }
  }

  var description: String {
    var unit = 0
    var size = Double(rawValue)
    while size >= 1024, unit < Self.units.count - 1 { (size, unit) = (size / 1024, unit + 1) }
    guard unit > 0 else { return "\(rawValue) B" }
    let tenths = Int((size * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) \(Self.units[unit])"
  }
}

extension Timestamp {
  /// In UTC, as ISO 8601 has it; a dash for none.
  var text: String {
    guard self != .none else { return "-" }
    let (days, time) = rawValue.flooredQuotientAndRemainder(86_400_000)
    let (year, month, day) = Self.date(days)
    func padded(_ number: Int64, _ count: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T"
      + "\(padded(time / 3_600_000, 2)):\(padded(time / 60_000 % 60, 2)):"
      + "\(padded(time / 1000 % 60, 2)).\(padded(time % 1000, 3))Z"
  }

  /// The day of so many days since 1970, in years that begin with March, so that a leap day is the last.
  private static func date(_ days: Int64) -> (Int64, Int64, Int64) {
    let (era, day) = (days + 719_468).flooredQuotientAndRemainder(146_097)
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
    let dayOfYear = day - (365 * year + year / 4 - year / 100)
    let month = (5 * dayOfYear + 2) / 153
    let isNextYear = month >= 10
    return (
      year + era * 400 + (isNextYear ? 1 : 0), month + (isNextYear ? -9 : 3),
      dayOfYear - (153 * month + 2) / 5 + 1
    )
  }
}

extension Int64 {
  fileprivate func flooredQuotientAndRemainder(_ divisor: Int64) -> (Int64, Int64) {
    let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
  }
}

extension [UInt8] {
  /// As text, with escapes for what would break a line or is no text.
  var shown: String {
    guard let text = String(validating: self, as: UTF8.self) else {
      return "0x" + map(Hex.digits).joined()
    }
    var shown = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": shown += "\\\\"
      case "\n": shown += "\\n"
      case "\t": shown += "\\t"
      case "\r": shown += "\\r"
      case _ where scalar.value < 0x20 || scalar.value == 0x7f:
        shown += "\\x" + Hex.digits(UInt8(scalar.value))
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }
}
