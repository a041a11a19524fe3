/// Writes JSON, indented, with short arrays of plain values on one line.
struct JSONWriter {
  private(set) var text = ""
  private var depth = 0

  static func text(of value: JSONValue) -> String {
    var writer = JSONWriter()
    writer.write(value)
    return writer.text + "\n"
  }

  private mutating func write(_ value: JSONValue) {
    switch value {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    // JSON has no infinity, and what isn't a number isn't one there either.
    case .number(let value): text += value.isFinite ? String(value) : "null"
    case .string(let value): write(value)
    case .array(let values): write(values)
    case .object(let members): write(members)
    }
  }

  private mutating func write(_ values: [JSONValue]) {
    let isFlat = !values.contains { $0.isContainer }
    block("[", "]", of: values, isFlat: isFlat) { $0.write($1) }
  }

  private mutating func write(_ members: [JSONValue.Member]) {
    block("{", "}", of: members, isFlat: members.isEmpty) { writer, member in
      writer.write(member.name)
      writer.text += ": "
      writer.write(member.value)
    }
  }

  private mutating func block<T>(
    _ start: String, _ end: String, of items: [T], isFlat: Bool,
    write: (inout JSONWriter, T) -> Void
  ) {
    text += start
    depth += 1
    for (index, item) in items.enumerated() {
      if index > 0 { text += isFlat ? ", " : "," }
      if !isFlat { startLine() }
      write(&self, item)
    }
    depth -= 1
    if !isFlat { startLine() }
    text += end
  }

  private mutating func startLine() {
    text += "\n" + String(repeating: "  ", count: depth)
  }

  private mutating func write(_ string: String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\u{0}"..<"\u{20}": text += Self.escape(scalar)
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  private static func escape(_ control: Unicode.Scalar) -> String {
    let digits = String(control.value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}

extension JSONValue {
  fileprivate var isContainer: Bool {
    switch self {
    case .array, .object: true
    case .null, .bool, .integer, .number, .string: false
    }
  }
}
