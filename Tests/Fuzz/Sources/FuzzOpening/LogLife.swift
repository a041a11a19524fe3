import FuzzSupport
import Varve
import VarveTesting

/// What is done to a directory: it is read as it is, then opened to be written, and then once more.
struct LogLife {
  /// How the process ends that has written.
  enum End: CaseIterable { case close, kill, powerCut, truncation }

  let disk: SimulatedFileSystem
  let tailWriter: LogConfiguration.TailWriter
  let end: End

  private static let record = Record(
    key: "appended", value: "what is there in the next life",
    timestamp: Timestamp(milliseconds: 1_800_000_000_000))
  /// Where there is no room for more offsets, nothing is appended.
  private static let lastOffsets: Int64 = 1 << 32

  private func open(
    _ stepped: SteppedRuntime, mode: Log.Mode = .readWrite
  ) throws(LogError) -> Log {
    var configuration = SoundLog.configuration
    configuration.tailWriter = tailWriter
    return try Log.open(
      at: SoundLog.directory, mode: mode, configuration: configuration, runtime: stepped.runtime,
      environment: .simulated(
        fileSystem: disk, clock: SoundLog.clock, random: SeededRandom(seed: 2)))
  }

  /// Whoever only reads changes nothing.
  func checkReading() {
    let before = disk.files(in: SoundLog.directory)
    readOnly()
    check(disk.files(in: SoundLog.directory) == before, "reading has changed a file")
  }

  private func readOnly() {
    let stepped = SteppedRuntime(clock: SoundLog.clock)
    do throws(LogError) {
      let log = try open(stepped, mode: .readOnly)
      let contents = Contents(of: log)
      Story.tell("read only: \(contents)")
      checkIsRefusal(contents.failure)
      Questions(log).ask(contents)
      try log.close()
    } catch {
      checkIsRefusal(error)
    }
  }

  /// Nothing is wrong with the disk, so nothing that is wrong is the disk's.
  private func checkIsRefusal(_ error: LogError?) {
    guard let error else { return }
    let isMissing = error.systemCall?.errno == 2
    check(
      [.corrupt, .unsupported].contains(error.code) || isMissing, "reading ended with \(error)")
  }

  /// What was opened to be written serves what it has served, and what was appended.
  func checkWriting() {
    let stepped = SteppedRuntime(clock: SoundLog.clock)
    guard let log = opened(stepped) else { return }
    Story.tell("opened: \(log.recovery as Any)\n\(log.segments)")
    let before = Contents(of: log)
    Story.tell("from \(log.start): \(before)")
    check(before.failure == nil, "a log that was opened cannot be read: \(before.failure as Any)")
    Questions(log).ask(before)
    guard let appended = append(to: log, stepped) else { return }
    let after = Contents(of: log)
    Story.tell("behind an append at \(appended): \(after)")
    after.checkKept(before, appended: appended, "behind an append")
    end(log, after, appended)
    checkNextLife(after, appended)
  }

  private func opened(_ stepped: SteppedRuntime) -> Log? {
    do throws(LogError) {
      let log = try open(stepped)
      stepped.settle()
      return log
    } catch {
      check([.corrupt, .unsupported].contains(error.code), "opening ended with \(error)")
      return nil
    }
  }

  /// Returns where the record is.
  private func append(to log: Log, _ stepped: SteppedRuntime) -> Offset? {
    let end = log.end
    guard end.rawValue < Int64.max - Self.lastOffsets else {
      // There is an answer, and what comes behind it is no log's any more.
      _ = try? log.append(Self.record)
      return nil
    }
    do throws(LogError) {
      let receipt = try log.append(Self.record, durability: .durable)
      checkEqual(receipt.offset, end, "its offset")
      stepped.settle()
      check(try log.record(at: end) == Self.record, "what was appended is another record")
      return end
    } catch {
      fail("an append ended with \(error)")
    }
  }

  private func end(_ log: Log, _ contents: Contents, _ appended: Offset) {
    do throws(LogError) {
      switch end {
      case .close: try log.close()
      case .kill: disk.crash(.kill, seed: 0)
      case .powerCut: disk.crash(.power, seed: UInt64(contents.batches.count))
      case .truncation:
        // All that was there goes on being there in a log that was cut behind it.
        checkEqual(
          try log.truncate(to: appended.advanced(by: 1)), appended.advanced(by: 1), "a cut")
        try log.close()
      }
    } catch {
      fail("the end, \(end), ended with \(error)")
    }
  }

  /// What was closed is at most known to be damaged.
  private func checkCutsNothing(_ report: RecoveryReport?) {
    guard let report else { return }
    check(
      report.cutByteCount == 0 && report.removedSegmentCount == 0, "behind a close: \(report)")
  }

  private func checkNextLife(_ contents: Contents, _ appended: Offset) {
    let stepped = SteppedRuntime(clock: SoundLog.clock)
    do throws(LogError) {
      let log = try open(stepped)
      if end == .close { checkCutsNothing(log.recovery) }
      stepped.settle()
      let again = Contents(of: log)
      Story.tell("behind \(end): \(log.recovery as Any)\n\(log.segments)\n\(again)")
      check(again.failure == nil, "it cannot be read again: \(again.failure as Any)")
      again.checkKept(
        contents, appended: appended, remembers: end == .close || end == .truncation,
        "opened again")
      check(try log.record(at: appended) == Self.record, "what was appended is another record now")
      try log.close()
    } catch {
      fail("a log that had been opened cannot be opened again: \(error)")
    }
  }
}
