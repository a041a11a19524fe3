/// The state: what all events so far come to. It decides, and does nothing else.
struct Ledger {
  private(set) var balances: [String: Int64] = [:]

  /// What is kept in memory at the most.
  static let maximumAccountCount = 1_000_000

  /// What becomes of a command now.
  func decide(_ command: Command) -> Event {
    switch command {
    case .deposit(let amount, let account):
      refusal(of: amount, to: account) ?? .deposited(amount: amount, account: account)
    case .withdraw(let amount, let account):
      refusal(of: amount, from: account) ?? .withdrawn(amount: amount, account: account)
    case .transfer(let amount, let from, let to):
      refusal(of: amount, from: from) ?? refusal(of: amount, to: to)
        ?? .transferred(amount: amount, from: from, to: to)
    }
  }

  private func refusal(of amount: Int64, from account: String) -> Event? {
    let balance = balances[account] ?? 0
    return balance < amount ? .declined(reason: "\(account) has \(balance)") : nil
  }

  private func refusal(of amount: Int64, to account: String) -> Event? {
    guard let balance = balances[account] else {
      return balances.count < Self.maximumAccountCount
        ? nil : .declined(reason: "there are too many accounts")
    }
    return balance > .max - amount ? .declined(reason: "\(account) can hold no more") : nil
  }

  /// Takes in what has happened. It was decided before, and is not decided again.
  mutating func apply(_ event: Event) {
    switch event {
    case .deposited(let amount, let account): balances[account, default: 0] += amount
    case .withdrawn(let amount, let account): balances[account, default: 0] -= amount
    case .transferred(let amount, let from, let to):
      balances[from, default: 0] -= amount
      balances[to, default: 0] += amount
    case .declined: break
    }
  }
}
