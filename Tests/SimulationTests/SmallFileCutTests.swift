import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// What is left of a file that is replaced when the power goes, or the process, at each of its calls.
@Suite struct SmallFileCutTests {
  private static let path = "/log/checkpoint"
  private static let old = [UInt8](repeating: 1, count: 5000)
  private static let new = [UInt8](repeating: 2, count: 9000)
  /// What a crash has left beside it.
  private static let left = [UInt8](repeating: 3, count: 13_000)

  /// A disk on which the file is being replaced, up to some call.
  private struct Trial {
    let disk = SimulatedFileSystem()
    let before: [UInt8]?
    /// Whether it was said that the file is written.
    private(set) var isWritten = false

    init(_ before: [UInt8]?, stoppingAfter count: Int, _ silenced: SilencedSyncs?) throws {
      self.before = before
      try disk.makeDirectory("/log")
      try disk.syncDirectory("/")
      let file = SmallFile(path: path, fileSystem: disk)
      if let before { try file.write(before) }
      let leftover = try OpenFile(file.temporaryPath, .writingOrCreating, in: disk)
      try leftover.write(left.span.bytes, at: 0)
      try leftover.syncData()
      try disk.syncDirectory("/log")
      disk.silencedSyncs = silenced
      disk.stop(afterOperation: disk.mutationCount + count)
      isWritten = (try? file.write(new)) != nil
    }

    /// Whether the file is what it may be after a crash.
    func isLegal(_ disk: SimulatedFileSystem) throws -> Bool {
      let found = try SmallFile(path: path, fileSystem: disk).read(limit: left.count)
      return found == new || !isWritten && found == before
    }
  }

  /// Tries all that a power cut may leave at each call, and says where it is not legal.
  private func firstFailure(
    _ before: [UInt8]?, without silenced: SilencedSyncs? = nil
  ) throws -> String? {
    for count in 0... {
      let trial = try Trial(before, stoppingAfter: count, silenced)
      let items = trial.disk.unsyncedItems
      for combination in 0..<1 << items.count {
        let kept = items.indices.filter { combination & 1 << $0 != 0 }.map { items[$0] }
        let image = trial.disk.fork(
          cuttingPowerKeeping: kept, keepsFacts: combination.nonzeroBitCount % 2 == 0)
        guard try trial.isLegal(image) else { return "after \(count) calls, kept were \(kept)" }
      }
      if trial.isWritten { return nil }
    }
    return nil
  }

  @Test(arguments: [old, nil])
  func aPowerCutLeavesOneOfBoth(before: [UInt8]?) throws {
    #expect(try firstFailure(before) == nil)
  }

  @Test(arguments: [old, nil], UInt64(1)...20)
  func tornPagesAreNotSeen(before: [UInt8]?, seed: UInt64) throws {
    for count in 0... {
      let trial = try Trial(before, stoppingAfter: count, nil)
      trial.disk.crash(.power, seed: seed)
      #expect(try trial.isLegal(trial.disk))
      if trial.isWritten { break }
    }
  }

  @Test(arguments: [old, nil])
  func aKillLeavesOneOfBoth(before: [UInt8]?) throws {
    for count in 0... {
      let trial = try Trial(before, stoppingAfter: count, nil)
      trial.disk.crash(.kill, seed: 0)
      #expect(try trial.isLegal(trial.disk))
      if trial.isWritten { break }
    }
  }

  // MARK: Without a sync

  /// The file's bytes must be there before its name, and the name before it is said to be written.
  @Test(arguments: [SystemCall.syncData, .syncDirectory], [old, nil])
  func eachSyncIsMissed(call: SystemCall, before: [UInt8]?) throws {
    #expect(
      try firstFailure(before, without: SilencedSyncs { silenced, _ in silenced == call }) != nil)
  }

  @Test(arguments: [old, nil])
  func bytesBehindTheNameAreTooLate(before: [UInt8]?) throws {
    let late = SilencedSyncs(until: { call, _ in call == .rename }) { call, _ in call == .syncData }
    #expect(try firstFailure(before, without: late) != nil)
  }
}
