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
    // By bytes, of which there are many in a directory: what a character is, is a long question.
    let bytes = name.utf8.span
    let digitCount = FormatLimits.offsetDigitCount
    guard bytes.count > digitCount, bytes[digitCount] == UInt8(ascii: "."),
      let offset = Offset(digits: bytes.extracting(..<digitCount))
    else { return nil }
    let words = bytes.extracting((digitCount + 1)...)
    let kindCount = words.indices.first { words[$0] == UInt8(ascii: ".") } ?? words.count
    guard let kind: Kind = words.extracting(..<kindCount).word() else { return nil }
    self.init(offset, kind)
    guard kindCount < words.count else { return }
    guard let transition: Transition = words.extracting((kindCount + 1)...).word() else {
      return nil
    }
    self.transition = transition
  }
}

extension SegmentFileName: CustomStringConvertible, TextOutputStreamable {
  /// The name itself.
  public var description: String {
    var name = ""
    name.reserveCapacity(Self.mostBytes)
    write(to: &name)
    return name
  }

  /// How long a name may be.
  public static let mostBytes = 40

  /// Writes the name itself.
  public func write(to target: inout some TextOutputStream) {
    target.write(offset.digits)
    target.write(".")
    target.write(kind.rawValue)
    guard let transition else { return }
    target.write(".")
    target.write(transition.rawValue)
  }
}

extension Offset {
  /// The offset as file names have it: 20 digits, zeros in front.
  public var digits: String { Self.padded(rawValue, to: FormatLimits.offsetDigitCount) }

  /// Reads 20 digits, and nothing else: no sign, no more digits, no number beyond 2⁶³ − 1.
  init?(digits: Span<UInt8>) {
    guard let value = Self.number(digits, digitCount: FormatLimits.offsetDigitCount) else {
      return nil
    }
    self.init(rawValue: value)
  }

  static func padded(_ value: Int64, to digitCount: Int) -> String {
    let digits = String(value).utf8
    let zeroCount = max(0, digitCount - digits.count)
    // SAFETY: the closure's memory has room for both, and all of it is initialized.
    return unsafe String(unsafeUninitializedCapacity: zeroCount + digits.count) { memory in
      unsafe memory[..<zeroCount].initialize(repeating: UInt8(ascii: "0"))
      return unsafe memory[zeroCount...].initialize(fromContentsOf: digits)
    }
  }

  static func number(_ digits: Span<UInt8>, digitCount: Int) -> Int64? {
    guard digits.count == digitCount else { return nil }
    var value: Int64 = 0
    for index in digits.indices {
      let digit = digits[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      let (shifted, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, isTooMuch) = shifted.addingReportingOverflow(Int64(digit))
      guard !isTooLarge, !isTooMuch else { return nil }
      value = sum
    }
    return value
  }
}

extension Span<UInt8> {
  /// Which of a few words it is, if it is one of them.
  fileprivate func word<Word: CaseIterable & RawRepresentable<String>>() -> Word? {
    Word.allCases.first { spells($0.rawValue) }
  }

  private func spells(_ text: String) -> Bool {
    guard text.utf8.count == count else { return false }
    return zip(indices, text.utf8).allSatisfy { self[$0] == $1 }
  }
}
