import Foundation
import Testing
import VarveSystem
import VarveTesting

@testable import Varve
@testable import crash_child

/// Processes that are killed while they clean what they append: of each key, what was acknowledged last
/// is there again, or what came later, for us and for Kafka; and nothing that was deleted comes back.
@Suite struct CompactionKillTests {
  /// At each place; few beside those that append, because each has to wait for cleanings.
  private static var roundCount: Int { max(3, KillRange.ofEnvironment.seeds.count / 16) }

  @Test(arguments: CrashPlace.all, Compacting.Kind.allCases)
  func whatKeysSayStays(_ place: CrashPlace, _ kind: Compacting.Kind) async throws {
    try await onThread {
      try place.withDirectory { directory in
        var (rounds, random) = (
          KilledCleanings(), SplitMix(seed: KillRange.ofEnvironment.seeds.lowerBound)
        )
        for round in 1...Self.roundCount {
          let compacting = Compacting(
            directory: directory, writer: place.writer, kind: kind,
            threadCount: kind == .toOne ? 1 + random.number(below: 3) : 1, seed: UInt64(round))
          try rounds.kill(compacting, &random)
          // Some are followed by one that finds what was left behind.
          guard round == Self.roundCount || !random.isOne(in: 3) else { continue }
          try rounds.recover(compacting)
        }
        #expect(rounds.cleaningCount >= Self.roundCount)
        if kind == .toSeveral { #expect(rounds.largeCleaningCount >= Self.roundCount) }
      }
    }
  }
}

/// One process after the other that cleaned the same log and was killed.
private struct KilledCleanings {
  private var ledger = KeyedLedger()
  private(set) var cleaningCount = 0
  private(set) var largeCleaningCount = 0

  /// Kills a process after some cleanings, mostly within the next one.
  mutating func kill(_ compacting: Compacting, _ random: inout SplitMix) throws {
    let child = try Child(.compact(compacting))
    try child.expect("had opened the log") { $0.openedEnd != nil }
    let count = 1 + random.number(below: 2)
    try child.expect("had cleaned") {
      $0.cleaningCount >= count && (compacting.kind == .toOne || $0.begunCleaningCount > count)
    }
    usleep(UInt32(random.number(below: compacting.kind == .away ? 3000 : 20_000)))
    child.kill()
    #expect(try child.waitForEnd() == .killed(signal: SIGKILL))
    child.ask { heard in
      ledger.add(compacting, heard)
      #expect(heard.nonsense == [])
      cleaningCount += heard.cleaningCount
      largeCleaningCount += heard.largeCleaningCount
    }
  }

  func recover(_ compacting: Compacting) throws {
    try lookAsKafka(compacting)
    let log = try Log.open(at: compacting.directory, configuration: compacting.configuration)
    try check(log, compacting)
    _ = try log.clean()
    try check(log, compacting)
    let verification = try log.verify()
    let unsound = verification.segments.filter { !$0.isSound }
    #expect(unsound == [])
    try log.close()
    let left = try FileManager.default.contentsOfDirectory(atPath: compacting.directory)
    #expect(left.filter { $0.hasSuffix(".cleaned") || $0.hasSuffix(".swap") } == [])
  }

  private func check(_ log: Log, _ compacting: Compacting) throws {
    let records = try StoredRecord.all(of: log)
    if compacting.kind == .away {
      try ledger.checkAll(records, from: log.start)
    } else {
      try ledger.check(records)
    }
  }

  /// Kafka does not know the segments that have no names yet, and is told where the log starts.
  private func lookAsKafka(_ compacting: Compacting) throws {
    let side = SideFile.read(in: compacting.directory, PosixFileSystem())?.record
    let start = side?.start ?? 0
    let outcome = try KafkaLoaderModel(files: Self.files(in: compacting.directory))
      .load(cleanly: false, recoveryPoint: side?.sealedBelow ?? 0, logStartOffset: start)
    let records = try outcome.records().filter { $0.offset >= start }
      .map { StoredRecord(offset: $0.offset, record: $0.record) }
    if compacting.kind == .away {
      try ledger.checkAll(records, from: start, before: outcome.logEndOffset)
    } else {
      try ledger.check(records, before: outcome.logEndOffset)
    }
  }

  private static func files(in directory: String) throws -> [String: [UInt8]] {
    let names = try FileManager.default.contentsOfDirectory(atPath: directory)
    return Dictionary(
      uniqueKeysWithValues: try names.map { name in
        (name, [UInt8](try Data(contentsOf: URL(filePath: directory + "/" + name))))
      })
  }
}
