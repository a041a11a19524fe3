import BenchHarness

/// What sends cost, over all samples: of the log, and of each of the bare ways beside it.
final class SendWatch {
  /// One of those who send.
  final class Account {
    private(set) var nanoseconds: UInt64 = 0
    private(set) var processorTime: Int64 = 0
    private(set) var byteCount = 0
    private(set) var sendCount = 0

    /// Does and accounts for so many sends.
    func measure(_ links: BareLinks, sends: Int, of size: Int, _ body: () throws -> Void) throws {
      let (start, processor) = (Clock.now, links.senderTime)
      try body()
      links.wait(for: sends * size)
      nanoseconds += Clock.now - start
      processorTime += links.senderTime - processor
      byteCount += sends * size
      sendCount += sends
    }

    /// Seconds of a processor for 2³⁰ bytes.
    var processorSeconds: Double? {
      byteCount == 0 ? nil : Double(processorTime) / 1e9 / (Double(byteCount) / Double(1 << 30))
    }

    var nanosecondsPerSend: Double? {
      sendCount == 0 ? nil : Double(nanoseconds) / Double(sendCount)
    }
  }

  let own = Account()
  /// Of the log, where each send asks what it sends to.
  let asking = Account()
  private(set) var bare: [(name: String, account: Account)] = []

  func account(_ name: String) -> Account {
    let account = Account()
    bare.append((name, account))
    return account
  }

  static let processorShare = "CPU, of the best bare way's"
  static let extraNanoseconds = "ns more than the best bare way"

  var tallies: [Tally] {
    [
      Tally("CPU s/GiB") { [self] in own.processorSeconds },
      Tally("CPU s/GiB, asking each time") { [self] in asking.processorSeconds },
    ]
      + bare.map { name, account in Tally("CPU s/GiB, \(name)") { account.processorSeconds } }
      + [
        Tally(Self.processorShare) { [self] in
          guard let least = bare.compactMap(\.account.processorSeconds).min() else { return nil }
          return own.processorSeconds.map { $0 / least }
        },
        Tally(Self.extraNanoseconds) { [self] in
          guard let least = bare.compactMap(\.account.nanosecondsPerSend).min() else { return nil }
          return own.nanosecondsPerSend.map { $0 - least }
        },
      ]
  }
}
