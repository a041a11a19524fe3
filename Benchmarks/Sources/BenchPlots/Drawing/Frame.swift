/// Where on a picture what is.
struct Frame {
  static let pictureWidth = 760.0
  static let plotHeight = 260.0
  static let lineHeight = 18.0

  let left = 66.0
  let right = Self.pictureWidth - 20
  let top = 64.0
  let bottom = 64.0 + Self.plotHeight

  /// Above the lowest line of the axis, upwards.
  func y(_ position: Double) -> Double { bottom - position * Self.plotHeight }

  /// A share of the width.
  func width(of count: Int) -> Double { (right - left) / Double(max(1, count)) }

  /// The middle of a category.
  func middle(of index: Int, in count: Int) -> Double {
    left + (Double(index) + 0.5) * width(of: count)
  }

  /// Of text that is so many points high; letters differ, and this is for most of them.
  static func width(of text: String, size: Double) -> Double { Double(text.count) * size * 0.6 }
}
