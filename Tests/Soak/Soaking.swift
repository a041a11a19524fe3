import Foundation
import Varve
import VarveTesting

/// The parent: one child after the other, and a look at what each has left.
final class Soaking {
  private let settings: SoakSettings
  private var random: SplitMix
  private var ledger = SoakLedger()
  private var table = SoakTable()
  private let started = ContinuousClock.now

  init(_ settings: SoakSettings) {
    self.settings = settings
    random = SplitMix(seed: settings.seed)
  }

  func run() throws {
    say("soak of \(Int(settings.seconds)) s, seed \(settings.seed), in \(settings.directory)")
    try? FileManager.default.removeItem(atPath: settings.directory)
    try FileManager.default.createDirectory(
      atPath: settings.directory, withIntermediateDirectories: true)
    say(SoakTable.heading)
    var round = 0
    repeat {
      try live(round)
      round += 1
    } while elapsed < settings.seconds
    if let fault = Flatness.fault(in: table.own) { throw Discrepancy("the parent's \(fault)") }
    say(table.summary(ledger, seconds: elapsed))
    try FileManager.default.removeItem(atPath: settings.directory)
  }

  /// At once, also into a file: whoever waits half an hour wants to see how it goes.
  private func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

  private var elapsed: Double {
    let (seconds, attoseconds) = (ContinuousClock.now - started).components
    return Double(seconds) + Double(attoseconds) / 1e18
  }

  /// Every fourth life is a long one: what grows, grows there.
  private func length(of round: Int) -> Double {
    let share = Double(random.next() % 1000) / 1000
    let left = max(2, settings.seconds - elapsed)
    return round % 4 == 1 ? min(left, max(5, settings.seconds / 10)) : min(left, 1 + 4 * share)
  }

  private func live(_ round: Int) throws {
    let isKill = random.next() % 3 != 0
    let child = try SoakChild(settings.child(seed: random.next()))
    // Some die before the store is open.
    usleep(UInt32(length(of: round) * 1e6))
    let reports = try isKill ? child.kill() : child.end()
    let life = try ledger.take(reports)
    guard isKill || life.hasClosed else { throw Discrepancy("a child did not close its store") }
    if let fault = Flatness.fault(in: life.samples) { throw Discrepancy("a child's \(fault)") }
    let store = try LogStore.open(at: settings.directory, configuration: SoakStore.quiet)
    guard isKill || store.opening.wasClean else {
      throw Discrepancy("a store that was closed does not say so")
    }
    try StoreCheck(store: store, ledger: ledger).run()
    try ledger.settle(store)
    try store.close()
    table.add(life, isKill: isKill, own: try Sample.now(), records: ledger.recordCount)
    say(table.lastLine(seconds: elapsed))
  }
}
