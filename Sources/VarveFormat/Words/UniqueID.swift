/// What tells a topic, a directory or a cluster from all others: 128 bits, written as 22 digits of
/// URL-safe base64.
public struct UniqueID: RawRepresentable, Hashable, Sendable {
  /// The bits, the most significant first.
  public let rawValue: UInt128

  /// Wraps bits as an id.
  public init(rawValue: UInt128) { self.rawValue = rawValue }

  /// What is no id.
  public static var zero: UniqueID { UniqueID(rawValue: 0) }

  /// The topic of the log of Kafka's controllers.
  public static var metadataTopic: UniqueID { UniqueID(rawValue: 1) }

  /// Whether Kafka keeps the id for itself: none that is made at random may be one of these.
  public var isReserved: Bool { rawValue < Self.reservedCount }

  private static let reservedCount: UInt128 = 100

  /// An id that nobody has, of RFC 9562's version 4. It does not begin with a dash, which a shell's
  /// commands would take for an option.
  public static func random(using generator: inout some RandomNumberGenerator) -> UniqueID {
    var high: UInt64 = generator.next() & ~0xf000 | 0x4000
    let low: UInt64 = generator.next() & ~(0b11 << 62) | 0b10 << 62
    // The first digit stands for the first six bits, and the dash for 62.
    if high >> 58 == UInt64(Base64.dash) { high &= ~(1 << 63) }
    return UniqueID(rawValue: UInt128(high) << 64 | UInt128(low))
  }
}

// MARK: Text

/// The digits of URL-safe base64.
private enum Base64 {
  static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
  static let dash = 62

  static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
    case UInt8(ascii: "-"): 62
    case UInt8(ascii: "_"): 63
    default: nil
    }
  }
}

extension UniqueID {
  /// How many digits an id has.
  public static let digitCount = 22

  /// 22 digits have four bits more than an id.
  private static let excessBits = 4

  /// Reads 22 digits; nil where they are not 22, or end in bits that no id has.
  ///
  /// There is one spelling of each id: Kafka reads others too, and never writes them.
  public init?(parsing text: some StringProtocol) {
    guard text.utf8.count == Self.digitCount else { return nil }
    var bits: UInt128 = 0
    for (index, digit) in text.utf8.enumerated() {
      guard let value = Base64.value(of: digit) else { return nil }
      guard index == Self.digitCount - 1 else {
        bits = bits << 6 | UInt128(value)
        continue
      }
      guard value & 0xf == 0 else { return nil }
      bits = bits << (6 - UInt128(Self.excessBits)) | UInt128(value >> Self.excessBits)
    }
    self.init(rawValue: bits)
  }
}

extension UniqueID: CustomStringConvertible {
  /// The 22 digits.
  public var description: String {
    let digits = (0..<Self.digitCount).map { index in
      let shift = 128 - 6 * (index + 1)
      let bits = shift >= 0 ? rawValue >> UInt128(shift) : rawValue << UInt128(-shift)
      return Base64.digits[Int(bits & 0x3f)]
    }
    return String(decoding: digits, as: UTF8.self)
  }
}
