import Varve

/// What a client wants to happen. It may come to nothing.
enum Command {
  case deposit(Int64, to: String)
  case withdraw(Int64, from: String)
  case transfer(Int64, from: String, to: String)

  static let maximumAmount: Int64 = 1_000_000_000_000
  static let maximumNameByteCount = 64

  init?(_ words: some Collection<Substring>) {
    let words = Array(words)
    guard words.count > 2, let amount = Int64(words[words.count - 1]),
      (1...Self.maximumAmount).contains(amount)
    else { return nil }
    let names = words[1..<words.count - 1].map(String.init)
    guard names.allSatisfy({ $0.utf8.count <= Self.maximumNameByteCount }) else { return nil }
    switch (words[0], names.count) {
    case ("deposit", 1): self = .deposit(amount, to: names[0])
    case ("withdraw", 1): self = .withdraw(amount, from: names[0])
    case ("transfer", 2) where names[0] != names[1]:
      self = .transfer(amount, from: names[0], to: names[1])
    default: return nil
    }
  }
}

/// What a line asks for.
enum Request {
  /// `<client> <number> <command>`: a client numbers its commands from 0 on, one up each time, and
  /// sends one again, with its number, until it has an answer.
  case execute(Command, client: Int64, number: Int32)
  /// `balance <account>`
  case balance(String)

  static let maximumLineByteCount = 256

  init?(_ line: String) {
    let words = line.split(separator: " ")
    if words.count == 2, words[0] == "balance" {
      self = .balance(String(words[1]))
      return
    }
    guard words.count > 2, let client = Int64(words[0]), client >= 0,
      let number = Int32(words[1]), number >= 0, let command = Command(words.dropFirst(2))
    else { return nil }
    self = .execute(command, client: client, number: number)
  }
}
