/// An SVG text in the making, an element a line.
struct SVG {
  private var lines: [String] = []

  /// Attributes in the order in which they are given.
  typealias Attributes = KeyValuePairs<String, String>

  mutating func add(_ element: String, _ attributes: Attributes) {
    lines.append("<\(element)\(Self.text(of: attributes))/>")
  }

  mutating func add(_ element: String, _ attributes: Attributes, text: String) {
    lines.append(
      "<\(element)\(Self.text(of: attributes))>\(Self.escaped(text))</\(element)>")
  }

  /// The whole picture.
  func text(width: Double, height: Double, title: String) -> String {
    let size = "\(Self.number(width)) \(Self.number(height))"
    let head =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(size)\" "
      + "role=\"img\" font-family=\"system-ui, sans-serif\">"
    return ([head, "<title>\(Self.escaped(title))</title>"] + lines + ["</svg>"])
      .joined(separator: "\n") + "\n"
  }

  private static func text(of attributes: Attributes) -> String {
    attributes.map { " \($0.key)=\"\(escaped($0.value))\"" }.joined()
  }

  /// As text and in attributes.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      default: escaped.append(character)
      }
    }
    return escaped
  }

  /// To a tenth, which is finer than what is seen.
  static func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let (whole, part) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
    return (tenths < 0 ? "-" : "") + "\(whole)" + (part == 0 ? "" : ".\(part)")
  }
}
