import FuzzSupport

/// Texts that are put together from the pieces of names, and so are nearly names.
enum Composing {
  static func name(from input: inout FuzzInput) -> String {
    (0..<input.choice(12)).map { _ in piece(from: &input) }.joined()
  }

  private static let pieces = [
    ".", "-", "log", "index", "timeindex", "txnindex", "snapshot", "cleaned", "swap", "deleted",
    "checkpoint", "part", "delete", "stray", "future", "00000000000000000000", "0000000000",
    "09223372036854775807", "2147483647", "0123456789abcdefABCDEF9876543210", "topic", "_", "+",
    "\u{301}", "\u{0}", "é", "0", "1", "٣", "K",
  ]

  private static func piece(from input: inout FuzzInput) -> String {
    switch input.choice(4) {
    case 0: String(input.extremeInteger(Int64.self))
    case 1: String(decoding: input.bytes(input.choice(24)), as: UTF8.self)
    default: input.element(of: pieces)
    }
  }
}
