internal import Glibc

/// Where on an axis a value is.
struct Scale: Hashable {
  let isLogarithmic: Bool
  let lowest: Double
  let highest: Double
  /// Values at which the axis is labelled, the lowest first.
  let ticks: [Double]

  /// From here on small values could not be told from nothing.
  private static let widestLinear = 20.0

  /// An axis for these values, of which those above 0 count: linear and from 0 on, or in decades where
  /// the range asks for that.
  init(fitting values: [Double]) {
    let positive = values.filter { $0 > 0 && $0.isFinite }
    guard let least = positive.min(), let most = positive.max() else {
      self.init(linearUpTo: 1)
      return
    }
    if most / least > Self.widestLinear {
      self.init(decadesFrom: least, to: most)
    } else {
      self.init(linearUpTo: most)
    }
  }

  private init(linearUpTo most: Double) {
    let step = Self.step(for: most)
    // What little the division is off is no step of its own.
    let count = Int((most / step - 1e-9).rounded(.up))
    isLogarithmic = false
    lowest = 0
    highest = step * Double(count)
    ticks = (0...count).map { step * Double($0) }
  }

  /// One, two or five, times a power of ten, so that there are six steps at the most.
  private static func step(for most: Double) -> Double {
    let decade = pow(10, log10(most / 6).rounded(.down))
    return [1, 2, 5, 10].map { $0 * decade }.first { $0 * 6 >= most } ?? 10 * decade
  }

  private init(decadesFrom least: Double, to most: Double) {
    var first = Int(log10(least).rounded(.down))
    // The smallest bar is to be seen.
    if least < 1.5 * pow(10, Double(first)) { first -= 1 }
    let last = max(first + 1, Int(log10(most).rounded(.up)))
    isLogarithmic = true
    lowest = pow(10, Double(first))
    highest = pow(10, Double(last))
    ticks = (first...last).map { pow(10, Double($0)) }
  }

  /// From 0, at the lowest, to 1.
  func position(of value: Double) -> Double {
    let position =
      isLogarithmic
      ? log10(max(value, lowest) / lowest) / log10(highest / lowest)
      : value / highest
    return min(1, max(0, position))
  }
}
