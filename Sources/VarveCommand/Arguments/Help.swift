/// What the command says of itself.
enum Help {
  static let introduction =
    "varve looks at, checks and hands over logs in Apache Kafka's format."

  /// Of all commands.
  static func overview(_ commands: [Syntax], _ style: Style) -> String {
    var lines = [introduction, "", style.strong("Usage:") + " varve <command> [options]", ""]
    lines.append(style.strong("Commands:"))
    lines += pairs(commands.map { ($0.name, $0.summary) }, style)
    lines += ["", style.strong("Where to begin:")]
    lines += pairs(
      [
        ("varve ls <directory>", "what logs there are"),
        ("varve stat <log>", "where a log begins and ends"),
        ("varve tail -f <log>", "its newest records, and those to come"),
        ("varve verify <directory>", "whether all of it is as it should be"),
      ], style)
    lines += [
      "",
      "A directory may be in use: what only looks takes no lock and changes nothing. What writes",
      "says so in its help, and is refused while somebody else has the log.",
      "",
      style.strong("Exit codes:"),
    ]
    lines += pairs(exitCodes, style)
    lines += ["", "'varve help <command>' says more of each."]
    return lines.joined(separator: "\n") + "\n"
  }

  static let exitCodes = [
    ("0", "all is well"), ("1", "something is wrong with the log: see what was printed"),
    ("2", "the command was called in a way that it does not understand"),
    ("3", "the command could not do its work: no such log, locked, an I/O error"),
  ]

  /// Of one command.
  static func text(_ syntax: Syntax, _ style: Style) -> String {
    var lines = [
      "varve \(syntax.name): \(syntax.summary)", "", style.strong("Usage:") + " " + syntax.usage,
      "",
      syntax.about,
    ]
    if !syntax.operands.isEmpty {
      lines += ["", style.strong("Operands:")]
      lines += pairs(syntax.operands.map { ("<\($0.name)>", $0.help) }, style)
    }
    lines += ["", style.strong("Options:")]
    lines += pairs(syntax.allOptions.map { (name($0), $0.help) }, style)
    if !syntax.examples.isEmpty {
      lines += ["", style.strong("Examples:")]
      for example in syntax.examples {
        lines += ["  # \(example.meaning)", "  " + style.name(example.line)]
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func name(_ option: Syntax.Option) -> String {
    let short = option.letter.map { "-\($0), " } ?? "    "
    return short + "--\(option.name)" + (option.value.map { " <\($0)>" } ?? "")
  }

  private static func pairs(_ pairs: [(String, String)], _ style: Style) -> [String] {
    let width = pairs.map(\.0.count).max() ?? 0
    return pairs.map { name, help in
      "  " + style.name(name) + String(repeating: " ", count: width - name.count + 2) + help
    }
  }
}
