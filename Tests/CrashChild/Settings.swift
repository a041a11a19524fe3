import Varve

/// `name=value`, one an argument.
struct Settings {
  private let values: [Substring: Substring]

  init(_ arguments: some Sequence<String>) {
    let pairs = arguments.map { $0.split(separator: "=", maxSplits: 1) }
    values = Dictionary(
      pairs.map { ($0.first ?? "", $0.count > 1 ? $0[1] : "") }, uniquingKeysWith: { $1 })
  }

  func text(_ name: String) throws(Refusal) -> String {
    guard let value = values[name[...]] else { throw .usage("\(name) is not told") }
    return String(value)
  }

  func number<Number: FixedWidthInteger>(_ name: String) throws(Refusal) -> Number {
    let text = try text(name)
    guard let number = Number(text) else { throw .usage("\(name) is \(text), and no number") }
    return number
  }

  /// How the log is written.
  var writer: LogConfiguration.TailWriter {
    get throws(Refusal) {
      switch try text("writer") {
      case "mapped": .mapped
      case "positional": .positional
      case let other: throw .usage("there is no writer \(other)")
      }
    }
  }
}
