internal import Varve

/// What a command was called with.
struct Arguments: Sendable, Hashable {
  private(set) var operands: [String] = []
  private var values: [String: String] = [:]
  private var flags: Set<String> = []

  /// Whether an option was given.
  func has(_ name: String) -> Bool { flags.contains(name) || values[name] != nil }

  /// What stands behind an option.
  subscript(name: String) -> String? { values[name] }
}

extension Arguments {
  /// Takes words apart: `--name`, `--name=value`, `--name value`, `-n value`, `-nvalue`; behind `--` all are
  /// operands.
  init(_ words: [String], for syntax: Syntax) throws(CommandError) {
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" {
        operands += rest
        break
      } else if word.hasPrefix("--") {
        try take(long: word.dropFirst(2), &rest, syntax)
      } else if word.hasPrefix("-"), word.count > 1 {
        try take(short: word.dropFirst(), &rest, syntax)
      } else {
        operands.append(word)
      }
    }
    guard !has(Syntax.help.name) else { return }
    try checkCount(syntax)
  }

  private mutating func take(
    long word: Substring, _ rest: inout ArraySlice<String>, _ syntax: Syntax
  ) throws(CommandError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard let option = syntax.allOptions.first(where: { $0.name == name }) else {
      let nearest = Nearest.to(name, among: syntax.allOptions.map(\.name))
      throw .usage(
        "\(syntax.name) has no option --\(name)"
          + (nearest.map { "; is it --\($0) that you mean?" } ?? ""), syntax)
    }
    try set(option, parts.count > 1 ? String(parts[1]) : nil, &rest, syntax)
  }

  private mutating func take(
    short word: Substring, _ rest: inout ArraySlice<String>, _ syntax: Syntax
  ) throws(CommandError) {
    var letters = word
    while let letter = letters.popFirst() {
      guard let option = syntax.allOptions.first(where: { $0.letter == letter }) else {
        throw .usage("\(syntax.name) has no option -\(letter)", syntax)
      }
      guard option.value != nil else {
        flags.insert(option.name)
        continue
      }
      return try set(option, letters.isEmpty ? nil : String(letters), &rest, syntax)
    }
  }

  private mutating func set(
    _ option: Syntax.Option, _ value: String?, _ rest: inout ArraySlice<String>, _ syntax: Syntax
  ) throws(CommandError) {
    guard let placeholder = option.value else {
      guard value == nil else {
        throw .usage("--\(option.name) is not followed by a value", syntax)
      }
      flags.insert(option.name)
      return
    }
    guard let value = value ?? rest.popFirst() else {
      throw .usage("behind --\(option.name) <\(placeholder)> is missing", syntax)
    }
    values[option.name] = value
  }

  private func checkCount(_ syntax: Syntax) throws(CommandError) {
    let needed = syntax.operands.count { !$0.isOptional }
    if operands.count < needed {
      throw .usage("<\(syntax.operands[operands.count].name)> is missing", syntax)
    }
    if operands.count > syntax.operands.count {
      throw .usage("'\(operands[syntax.operands.count])' is one too many", syntax)
    }
  }
}

// MARK: Values

extension Arguments {
  /// A whole number that is not negative.
  func number(_ name: String) throws(CommandError) -> Int? {
    guard let text = self[name] else { return nil }
    guard let number = Int(text), number >= 0 else {
      throw .usage("--\(name) is '\(text)', and must be a number that is not negative")
    }
    return number
  }

  func offset(_ name: String) throws(CommandError) -> Offset? {
    try number(name).map { Offset(rawValue: Int64($0)) }
  }

  /// Bytes: `512`, `64k`, `10MiB`, `2g`.
  func bytes(_ name: String) throws(CommandError) -> Int? {
    guard let text = self[name] else { return nil }
    guard let count = ByteCount(parsing: text) else {
      throw .usage("--\(name) is '\(text)', and must be a size: 4096, 64k, 10MiB or 2g, say")
    }
    return count.rawValue
  }

  /// A time: `90s`, `15m`, `36h`, `7d`.
  func duration(_ name: String) throws(CommandError) -> Duration? {
    guard let text = self[name] else { return nil }
    let seconds: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let unit = text.last.flatMap({ seconds[$0] }), let count = Int(text.dropLast()),
      count >= 0, case let (total, isFar) = count.multipliedReportingOverflow(by: unit), !isFar
    else {
      throw .usage("--\(name) is '\(text)', and must be a time: 90s, 15m, 36h or 7d, say")
    }
    return .seconds(total)
  }
}

/// Which of some names somebody may have meant.
enum Nearest {
  static func to(_ word: String, among names: [String]) -> String? {
    let best = names.map { (name: $0, distance: distance(word, $0)) }.min {
      $0.distance < $1.distance
    }
    return best.flatMap { $0.distance <= max(1, word.count / 3) ? $0.name : nil }
  }

  /// Levenshtein's: letters put in, left out or changed.
  private static func distance(_ left: String, _ right: String) -> Int {
    let right = Array(right)
    var row = Array(0...right.count)
    for (index, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in right.indices {
        let cost = diagonal + (letter == right[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(cost, row[column] + 1, diagonal + 1)
      }
    }
    return row[right.count]
  }
}
