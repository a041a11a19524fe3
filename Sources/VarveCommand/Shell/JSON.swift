internal import Varve

/// A value of JSON, to be written.
enum JSON: Sendable {
  case string(String)
  case number(Int64)
  case flag(Bool)
  case none
  case list([JSON])
  case object([(String, JSON)])

  static func number(_ value: Int) -> JSON { .number(Int64(value)) }
  static func offset(_ offset: Offset) -> JSON { .number(offset.rawValue) }
  static func optional(_ value: JSON?) -> JSON { value ?? .none }

  /// In one line.
  var text: String {
    switch self {
    case .string(let text): Self.quoted(text)
    case .number(let number): String(number)
    case .flag(let flag): flag ? "true" : "false"
    case .none: "null"
    case .list(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { Self.quoted($0) + ":" + $1.text }.joined(separator: ",") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case "\r": quoted += "\\r"
      case _ where scalar.value < 0x20: quoted += "\\u00" + Hex.digits(UInt8(scalar.value))
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

extension JSON {
  /// Members for bytes that may be no text: these have a name that says so.
  static func member(_ name: String, _ bytes: [UInt8]?) -> (String, JSON) {
    guard let bytes else { return (name, .none) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return (name + "Hex", .string(bytes.map(Hex.digits).joined()))
    }
    return (name, .string(text))
  }
}

enum Hex {
  static func digits(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
  }
}
