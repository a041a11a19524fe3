/// Where bytes broke a rule of the format.
public struct FormatBreach: Hashable, Sendable {
  /// The rule that was broken.
  public let rule: FormatRule

  /// The byte at which it shows, counted from the start of the bytes that were looked at.
  public let byte: Int

  /// The record in which it shows, counted from 0, where it shows in a record.
  public let record: Int?

  /// Names a rule and a place.
  public init(_ rule: FormatRule, atByte byte: Int, inRecord record: Int? = nil) {
    self.rule = rule
    self.byte = byte
    self.record = record
  }
}

extension FormatBreach {
  /// The same place, seen from bytes that begin `distance` earlier.
  package func shifted(by distance: Int) -> FormatBreach {
    FormatBreach(rule, atByte: byte + distance, inRecord: record)
  }
}

extension FormatBreach: CustomStringConvertible {
  /// Rule and place in one line.
  public var description: String {
    let place = record.map { "byte \(byte), record \($0)" } ?? "byte \(byte)"
    return "rule \(rule.rawValue) at \(place)"
  }
}

extension LogError {
  /// Bytes that broke a rule.
  package static func breach(
    _ rule: FormatRule, atByte byte: Int, inRecord record: Int? = nil, _ detail: String? = nil
  ) -> LogError {
    var message = rule.explanation
    if let detail { message += ": " + detail }
    return LogError(
      rule.code, message, breach: FormatBreach(rule, atByte: byte, inRecord: record))
  }

  /// The same error, seen from bytes that begin `distance` earlier.
  package func shifted(by distance: Int) -> LogError {
    LogError(code, message, breach: breach?.shifted(by: distance), systemCall: systemCall)
  }
}
