internal import Varve

/// Something that is not as it should be.
struct Finding: Hashable, Sendable {
  enum Severity: String, Sendable {
    /// Bytes are wrong, or contradict each other.
    case error
    /// As a crash, or somebody who is still writing, leaves it.
    case warning
  }

  var severity: Severity
  var file: String
  var position: Int?
  var offset: Offset?
  var message: String

  func line(_ style: Style) -> String {
    let kind = severity == .error ? style.bad("error") : style.doubtful("warning")
    var place = file
    if let position { place += " at byte \(position)" }
    if let offset { place += ", offset \(offset)" }
    return "\(kind): \(place): \(message)"
  }

  var json: JSON {
    .object([
      ("kind", .string(severity.rawValue)), ("file", .string(file)),
      ("position", .optional(position.map { .number($0) })),
      ("offset", .optional(offset.map { .offset($0) })), ("message", .string(message)),
    ])
  }
}
