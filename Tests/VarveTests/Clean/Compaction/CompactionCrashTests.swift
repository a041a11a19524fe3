import Foundation
import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// A compaction that ends anywhere leaves the log as it was, or as it was to be, for us and for Kafka.
@Suite struct CompactionCrashTests {
  /// How many things are tried that a power cut may leave at each operation. `VARVE_SIM_IMAGES`
  private static let imageCount =
    ProcessInfo.processInfo.environment["VARVE_SIM_IMAGES"].flatMap { UInt64($0) } ?? 4

  /// Stops the world at each operation of a compaction, ends it, perhaps once more as the log is opened,
  /// and looks at what is there.
  @Test(arguments: CompactionScene.all, [Crash.kill, .power])
  func anywhere(_ scene: CompactionScene, _ crash: Crash) throws {
    var outcomes: Set<Int> = []
    for count in 0... {
      let (keyed, log) = try scene.make()
      keyed.disk.stop(afterOperation: keyed.disk.mutationCount + count)
      let failure = error { try scene.compact(log) }
      let isDone = failure == nil && !keyed.disk.isStopped
      for seed in 0..<(crash == .kill ? 2 : Self.imageCount) {
        let fork = keyed.fork()
        fork.disk.crash(crash, seed: seed)
        let look = CompactionLook(scene, fork, isDone: isDone, "\(count), seed \(seed)")
        try look.asKafka()
        if seed % 2 == 1 { try crashInOpening(fork, crash, seed) }
        if let state = try look.asVarve() { outcomes.insert(state) }
      }
      if isDone { break }
      try #require(count < 400)
    }
    #expect(outcomes == Set(scene.states.indices))
  }

  private func crashInOpening(_ keyed: KeyedWreck, _ crash: Crash, _ seed: UInt64) throws {
    keyed.disk.stop(afterOperation: keyed.disk.mutationCount + Int(seed) * 2)
    _ = try? keyed.open()
    keyed.disk.crash(crash, seed: seed + 100)
  }

  /// Each operation fails once, or from then on: the log is as it was, or the next opening finishes it.
  @Test(arguments: CompactionScene.all, [Errno.inputOutput, .noSpace])
  func aDiskThatFails(_ scene: CompactionScene, _ errno: Errno) throws {
    for number in 1... {
      let (keyed, log) = try scene.make()
      keyed.disk.faults = .failing(number: number, with: errno, fromThenOn: number % 2 == 0)
      let failure = error { try scene.compact(log) }
      keyed.disk.faults = .none
      let what = "\(number) of \(errno)"
      let table = try log.table()
      #expect(table.count == Int(scene.keyCount), "\(what)")
      let isRefusing = error { try log.append(keyed.record(log.end)) } != nil
      if isRefusing { keyed.disk.crash(.kill, seed: 0) } else { try log.closeNow() }
      let again = try keyed.open()
      let damage = again.recovery?.damage ?? []
      #expect(damage == [], "\(what)")
      let left = try again.stored().filter { $0.offset < scene.end }
      let state = try #require(
        scene.state(withSegments: again.segments.map(\.baseOffset)), "\(what)")
      #expect(left == scene.states[state].kept(keyed), "\(what)")
      #expect(keyed.names.allSatisfy { $0.split(separator: ".").count == 2 }, "\(what)")
      try again.closeNow()
      guard failure != nil else { break }
      try #require(number < 400)
    }
  }
}

/// A look at what a crash in a compaction has left.
private struct CompactionLook {
  let scene: CompactionScene
  let keyed: KeyedWreck
  let isDone: Bool
  let what: Comment

  init(_ scene: CompactionScene, _ keyed: KeyedWreck, isDone: Bool, _ what: String) {
    self.scene = scene
    self.keyed = keyed
    self.isDone = isDone
    self.what = Comment(rawValue: what)
  }

  /// Expects one of the logs that there may be, which goes on, and returns which one it is.
  func asVarve() throws -> Int? {
    let log = try keyed.open()
    let damage = log.recovery?.damage ?? []
    #expect(damage == [], what)
    #expect(log.start..<log.end == 0..<scene.end, what)
    let state = scene.state(withSegments: log.segments.map(\.baseOffset))
    #expect(state != nil, what)
    guard let state else { return nil }
    let records = try log.stored()
    #expect(records == scene.states[state].kept(keyed), what)
    if isDone { #expect(state == scene.states.count - 1, what) }
    #expect(keyed.names.allSatisfy { $0.split(separator: ".").count == 2 }, what)
    try goOn(log)
    return state
  }

  /// Appends, and compacts once more.
  private func goOn(_ log: Log) throws {
    try keyed.fill(log, upTo: scene.end.advanced(by: 130))
    let base = try #require(log.segments.last).baseOffset
    _ = try log.compactNow(below: base)
    let left = keyed.compacted(below: base, end: log.end)
    let found = try log.stored()
    #expect(found == left, what)
    try log.closeNow()
    let again = try keyed.open()
    #expect(again.recovery == nil, what)
    let last = try again.stored()
    #expect(last == left, what)
    try again.closeNow()
  }

  /// Kafka's loader, run over what the crash left, finds all that was there.
  func asKafka() throws {
    let outcome = try KafkaLoaderModel(of: "/log", in: keyed.disk)
      .load(cleanly: false, recoveryPoint: scene.below)
    #expect(outcome.logEndOffset == scene.end, what)
    let state = try #require(scene.state(withSegments: outcome.segments), what)
    let found = try outcome.records().map(\.offset)
    #expect(found == scene.states[state].kept(keyed).map(\.offset), what)
    if isDone { #expect(state == scene.states.count - 1, what) }
  }
}
