/// What a command is called with, and what it says of itself.
struct Syntax: Sendable {
  /// Something that is set, or not, by a name behind two dashes.
  struct Option: Sendable, Hashable {
    var name: String
    /// Its short form, behind one dash.
    var letter: Character?
    /// What stands behind it, for a reader; nil where nothing does.
    var value: String?
    var help: String
  }

  /// Something that is said by its place.
  struct Operand: Sendable, Hashable {
    var name: String
    var isOptional = false
    var help: String
  }

  struct Example: Sendable, Hashable {
    var line: String
    var meaning: String
  }

  var name: String
  /// One line.
  var summary: String
  var operands: [Operand] = []
  var options: [Option] = []
  /// What there is to know, in paragraphs.
  var about: String
  var examples: [Example] = []

  static let help = Option(name: "help", letter: "h", help: "what this command does, and how")
  static let json = Option(name: "json", help: "one JSON object a line, for programs")

  var allOptions: [Option] { options + [Self.help] }

  /// How it is called, in one line.
  var usage: String {
    let operands = operands.map { $0.isOptional ? "[<\($0.name)>]" : "<\($0.name)>" }
    return (["varve", name] + operands + ["[options]"]).joined(separator: " ")
  }
}
