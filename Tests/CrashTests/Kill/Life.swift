import Foundation
import Varve
import VarveSystem

/// A directory, from the first process that is killed there to a clean close.
final class Life {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private let place: CrashPlace
  private let directory: String
  private var ledger = Ledger()
  private let observer = RecoveryObserver()
  /// Whether the last process was killed, and nobody has recovered the log since.
  private var isCrashed = false
  private(set) var coverage = CrashCoverage()

  init(_ place: CrashPlace) {
    self.place = place
    directory = place.newDirectory()
  }

  /// Runs its rounds, one after the other. The last one is looked at in any case.
  func run(_ rounds: [Round]) throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    for (number, round) in rounds.enumerated() {
      do {
        try kill(in: round)
        if round.isChecked || number == rounds.count - 1 { try recover(round) }
      } catch {
        throw Failure(description: "\(place.testDescription), \(round): \(error)\(evidence(round))")
      }
    }
  }

  private func kill(in round: Round) throws {
    let appending = round.appending(to: directory, place)
    let child = try Child(appending)
    try round.moment.wait(for: child, orAppends: round.appendLimit)
    let isMapped = child.hasMapped(fileIn: directory)
    child.kill()
    let ending = try child.waitForEnd()
    let hasFinished = child.ask { $0.hasFinished }
    guard ending == .killed(signal: SIGKILL) || hasFinished && ending == .exited(status: 0) else {
      throw Failure(description: "the child ended before it was killed: \(ending)")
    }
    guard !isMapped || place.writer == .mapped else {
      throw Failure(description: "a log that is written by calls was mapped")
    }
    child.ask { heard in
      ledger.add(appending, heard)
      note(heard)
    }
    if isMapped { coverage.mappedTails += 1 }
    isCrashed = !hasFinished
    if isCrashed { try noteWreck() } else { try RestingLog(directory).check() }
  }

  private func note(_ heard: Heard) {
    coverage.kills += 1
    coverage.acknowledged += heard.acknowledgedCount
    coverage.rolls += heard.rollCount
    if heard.cutByteCount > 0 { coverage.cutTails += 1 }
    if heard.isClosing, !heard.hasFinished { coverage.killsDuringClosing += 1 }
    guard heard.openedEnd == nil else { return }
    coverage.killsDuringOpening += 1
    if isCrashed { coverage.killsDuringRecovery += 1 }
  }

  private func noteWreck() throws {
    guard FileManager.default.fileExists(atPath: directory) else { return }
    let wreck = try Wreck(directory)
    if wreck.isTorn { coverage.tornBatches += 1 }
    coverage.unnamedSegments += wreck.unnamedSegmentCount
  }

  /// Opens the log, looks whether all is there, and closes it.
  private func recover(_ round: Round) throws {
    var configuration = place.configuration(segmentByteCount: round.segmentByteCount)
    configuration.observer = observer
    let log = try Log.open(at: directory, configuration: configuration)
    coverage.unacknowledged += try ledger.check(log)
    try log.close()
    try RestingLog(directory).check(end: log.end)
    coverage.cutTails += observer.takeCutCount()
    coverage.cleanCloses += 1
    isCrashed = false
  }

  /// Keeps the directory of a round that failed, and says where.
  private func evidence(_ round: Round) -> String {
    let kept = CrashPlace.scratch("crash-failures") + "/seed-\(round.seed)"
    try? FileManager.default.removeItem(atPath: kept)
    try? FileManager.default.copyItem(atPath: directory, toPath: kept)
    return "; the directory is kept as \(kept)"
  }
}

/// Counts recoveries that cut something.
private final class RecoveryObserver: LogObserver {
  private let cutCount = Lock(0)

  func log(at directory: String, did event: LogEvent) {
    guard case .recovered(let report) = event, report.cutByteCount > 0 else { return }
    cutCount.withLock { $0 += 1 }
  }

  func takeCutCount() -> Int {
    cutCount.withLock { count in
      defer { count = 0 }
      return count
    }
  }
}
