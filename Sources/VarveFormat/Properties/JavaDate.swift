/// A point in time as Java's `Date` writes it, in UTC: `Sat Nov 21 04:50:44 UTC 2026`.
struct JavaDate: CustomStringConvertible {
  let description: String

  init(_ time: Timestamp) {
    let seconds = Self.quotient(time.rawValue, 1000)
    let days = Self.quotient(seconds, 86_400)
    let second = seconds - days * 86_400
    let (year, month, day) = Self.date(days)
    // 1970 began on a Thursday.
    let weekday = Self.weekdays[Int((days % 7 + 7 + 3) % 7)]
    let clock = [second / 3600, second / 60 % 60, second % 60].map(Self.twoDigits)
    description =
      "\(weekday) \(Self.months[month - 1]) \(Self.twoDigits(Int64(day))) "
      + clock.joined(separator: ":") + " UTC \(year)"
  }

  private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func twoDigits(_ number: Int64) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }

  /// Rounded down, before 1970 too.
  private static func quotient(_ number: Int64, _ divisor: Int64) -> Int64 {
    number / divisor - (number % divisor < 0 ? 1 : 0)
  }

  /// The Gregorian date of a day, counted from 1970. Years are counted from March on, so that the
  /// day that leaps is a year's last one, and in eras of 400, which are of equal length.
  private static func date(_ days: Int64) -> (year: Int64, month: Int, day: Int) {
    let daysOfEra: Int64 = 146_097
    let shifted = days + 719_468  // from the first of March of the year 0
    let era = quotient(shifted, daysOfEra)
    let day = shifted - era * daysOfEra
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
    let dayOfYear = day - (365 * year + year / 4 - year / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (
      year + era * 400 + (month <= 2 ? 1 : 0), Int(month),
      Int(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    )
  }
}
