import Varve

/// The line with which a client begins.
enum Request {
  /// Then come frames: four bytes of length, big-endian, and a value. Each is answered with its
  /// offset, eight bytes, or with -1 where it was not taken, and the connection ends.
  case publish
  /// Answered with `OK` or `ERROR` and a reason, and then with batches, as they lie on the disk.
  case subscribe(Start)

  static let maximumLineByteCount = 64
  static let maximumFrameByteCount = 64 << 10
  static let refusedFrame: Int64 = -1

  init?(_ line: String) {
    let words = line.split(separator: " ")
    switch (words.first, words.count) {
    case ("PUBLISH", 1): self = .publish
    case ("SUBSCRIBE", 2):
      guard let start = Start(words[1]) else { return nil }
      self = .subscribe(start)
    default: return nil
    }
  }
}

/// Where a subscriber begins.
enum Start: CustomStringConvertible {
  case earliest, latest
  case offset(Offset)

  init?(_ word: some StringProtocol) {
    switch word {
    case "earliest": self = .earliest
    case "latest": self = .latest
    default:
      guard let number = Int64(word), number >= 0 else { return nil }
      self = .offset(Offset(rawValue: number))
    }
  }

  var description: String {
    switch self {
    case .earliest: "earliest"
    case .latest: "latest"
    case .offset(let offset): "\(offset)"
    }
  }
}

extension FixedWidthInteger {
  /// The number in the order of bytes in which it is sent.
  var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }

  init(bigEndianBytes bytes: some Collection<UInt8>) {
    self = bytes.reduce(0) { $0 << 8 | Self(truncatingIfNeeded: $1) }
  }
}
