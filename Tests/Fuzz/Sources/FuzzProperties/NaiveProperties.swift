/// Properties as they may be read the long way: the whole text first into lines, those into logical
/// ones, and each of these character by character.
enum NaiveProperties {
  struct Property {
    let name: String
    var value: String
  }

  /// The properties in the order of their names' first lines; nil where an escape is none.
  static func read(_ bytes: [UInt8]) -> [Property]? {
    var properties: [Property] = []
    for line in logicalLines(bytes) {
      let (name, value) = split(line)
      guard let name = unescaped(name), let value = unescaped(value) else { return nil }
      if let place = properties.firstIndex(where: { $0.name == name }) {
        properties[place].value = value
      } else {
        properties.append(Property(name: name, value: value))
      }
    }
    return properties
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 12 }

  private static func naturalLines(_ bytes: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = [[]]
    var index = 0
    while index < bytes.count {
      if bytes[index] == 13 || bytes[index] == 10 {
        if bytes[index] == 13, index + 1 < bytes.count, bytes[index + 1] == 10 { index += 1 }
        lines.append([])
      } else {
        lines[lines.count - 1].append(bytes[index])
      }
      index += 1
    }
    return lines
  }

  private static func logicalLines(_ bytes: [UInt8]) -> [[UInt8]] {
    var lines = naturalLines(bytes)[...]
    var logical: [[UInt8]] = []
    while let first = lines.popFirst() {
      var line = Array(first.drop(while: isBlank))
      if line.isEmpty || line[0] == 35 || line[0] == 33 { continue }
      while endsInBackslash(line) {
        line.removeLast()
        guard !line.isEmpty, let next = lines.popFirst() else { break }
        line += next.drop(while: isBlank)
      }
      if !line.isEmpty { logical.append(line) }
    }
    return logical
  }

  private static func endsInBackslash(_ line: [UInt8]) -> Bool {
    line.reversed().prefix { $0 == 92 }.count % 2 == 1
  }

  private static func split(_ line: [UInt8]) -> (name: [UInt8], value: [UInt8]) {
    var index = 0
    while index < line.count, !isBlank(line[index]), line[index] != 61, line[index] != 58 {
      index += line[index] == 92 ? 2 : 1
    }
    index = min(index, line.count)
    let name = Array(line[..<index])
    while index < line.count, isBlank(line[index]) { index += 1 }
    if index < line.count, line[index] == 61 || line[index] == 58 { index += 1 }
    while index < line.count, isBlank(line[index]) { index += 1 }
    return (name, Array(line[index...]))
  }

  private static func unescaped(_ text: [UInt8]) -> String? {
    var units: [UInt16] = []
    var index = 0
    while index < text.count {
      guard text[index] == 92, index + 1 < text.count else {
        units.append(UInt16(text[index]))
        index += 1
        continue
      }
      let sign = text[index + 1]
      index += 2
      if sign == UInt8(ascii: "u") {
        guard index + 4 <= text.count else { return nil }
        let digits = String(decoding: text[index..<index + 4], as: UTF8.self)
        guard !digits.hasPrefix("+"), !digits.hasPrefix("-"), let unit = UInt16(digits, radix: 16)
        else { return nil }
        units.append(unit)
        index += 4
      } else {
        let meanings: [UInt8: UInt8] = [116: 9, 110: 10, 102: 12, 114: 13]
        units.append(UInt16(meanings[sign] ?? sign))
      }
    }
    return String(decoding: units, as: UTF16.self)
  }
}
