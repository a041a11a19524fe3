/// What a line asks for. A key has no spaces; a value may.
enum Request {
  case set(String, to: String)
  case get(String)
  case delete(String)
  case count
  case checkpoint

  static let maximumKeyByteCount = 256
  static let maximumLineByteCount = 32 << 10

  init?(_ line: String) {
    let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    let key = words.count > 1 ? String(words[1]) : ""
    guard key.utf8.count <= Self.maximumKeyByteCount, words.count == 1 || !key.isEmpty else {
      return nil
    }
    switch (words[0], words.count) {
    case ("set", 3): self = .set(key, to: String(words[2]))
    case ("get", 2): self = .get(key)
    case ("delete", 2): self = .delete(key)
    case ("count", 1): self = .count
    case ("checkpoint", 1): self = .checkpoint
    default: return nil
    }
  }
}
