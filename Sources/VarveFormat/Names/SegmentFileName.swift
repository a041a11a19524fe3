/// The name of a file that belongs to a segment or to its log: 20 digits of an offset, what the
/// file holds, and perhaps in which state of a replacement it is.
public struct SegmentFileName: Hashable, Sendable {
  /// What the file holds.
  public enum Kind: String, CaseIterable, Sendable, Hashable {
    /// Batches.
    case log
    /// From offsets to positions.
    case offsetIndex = "index"
    /// From times to offsets.
    case timeIndex = "timeindex"
    /// Aborted transactions.
    case transactionIndex = "txnindex"
    /// What is known of producers, up to and without the offset.
    case producerSnapshot = "snapshot"
  }

  /// In which state of a replacement or removal a file is.
  public enum Transition: String, CaseIterable, Sendable, Hashable {
    /// Written by compaction and not complete: to be thrown away after a crash.
    case cleaned
    /// Complete, and about to replace others: to be renamed after a crash.
    case swap
    /// No longer part of the log.
    case deleted
  }

  /// The offset in the name: the segment's base, or the end of a snapshot.
  public var offset: Offset
  /// What the file holds.
  public var kind: Kind
  /// In which state of a replacement or removal it is, if in any.
  public var transition: Transition?

  /// A name.
  public init(_ offset: Offset, _ kind: Kind, transition: Transition? = nil) {
    self.offset = offset
    self.kind = kind
    self.transition = transition
  }

  /// Reads a name; nil where it is none that Kafka or Varve would give.
  public init?(parsing name: String) {
    // By bytes: what a character is, is a long question.
    let parts = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), let offset = Offset(digits: Substring(parts[0])),
      let kind = Kind(rawValue: String(Substring(parts[1])))
    else { return nil }
    self.init(offset, kind)
    guard parts.count == 3 else { return }
    guard let transition = Transition(rawValue: String(Substring(parts[2]))) else { return nil }
    self.transition = transition
  }
}

extension SegmentFileName: CustomStringConvertible {
  /// The name itself.
  public var description: String {
    let name = offset.digits + "." + kind.rawValue
    return transition.map { name + "." + $0.rawValue } ?? name
  }
}

extension Offset {
  /// The offset as file names have it: 20 digits, zeros in front.
  public var digits: String { Self.padded(rawValue, to: FormatLimits.offsetDigitCount) }

  /// Reads 20 digits, and nothing else: no sign, no more digits, no number beyond 2⁶³ − 1.
  init?(digits: Substring) {
    guard let value = Self.number(digits, digitCount: FormatLimits.offsetDigitCount) else {
      return nil
    }
    self.init(rawValue: value)
  }

  static func padded(_ value: Int64, to digitCount: Int) -> String {
    let digits = String(value).utf8
    let zeros = repeatElement(UInt8(ascii: "0"), count: max(0, digitCount - digits.count))
    return String(decoding: Array(zeros) + digits, as: UTF8.self)
  }

  static func number(_ digits: Substring, digitCount: Int) -> Int64? {
    guard digits.utf8.count == digitCount,
      digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return Int64(digits)
  }
}
