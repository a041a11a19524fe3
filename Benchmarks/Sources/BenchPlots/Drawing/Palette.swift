/// Colours on a ground of their own, so that a picture looks the same on a light and on a dark page.
///
/// Those of the series are Okabe's and Ito's, which people who see colours differently tell apart.
enum Palette {
  static let ground = "#ffffff"
  static let edge = "#d0d7de"
  static let grid = "#e6e8eb"
  static let text = "#1f2328"
  static let faint = "#59636e"

  private static let series = [
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8c8c8c", "#b8a800",
  ]

  static func color(of index: Int) -> String { series[index % series.count] }
}
