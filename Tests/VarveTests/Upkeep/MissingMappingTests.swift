import CLinuxForTests
import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// A process that may have no more mappings, or no more addresses: appends go by calls.
@Suite struct MissingMappingTests {
  private let wreck = Wreck(tailWriter: .mapped)

  private func isMapped(_ log: Log) -> Bool { log.tail.withLock { $0.sight.mapping != nil } }

  /// With the first segment, or with a later one; and stores are taken up again once they can be had.
  @Test(arguments: [Offset(0), 3, 8, 12])
  func appendsGoByCallsUntilThereAreMappings(_ first: Offset) throws {
    let log = try wreck.open()
    try wreck.fill(log, upTo: first)
    #expect(isMapped(log) == (first > 0))
    wreck.disk.faults = .failing(.map, with: .noMemory, fromThenOn: true)
    try wreck.fill(log, upTo: 40)
    #expect(!isMapped(log))
    let told = wreck.events.failures.filter { $0.systemCall?.errno == Errno.noMemory.rawValue }
    #expect(!told.isEmpty && told.allSatisfy { $0.code == .retry })
    try Wreck.expect(log, end: 40)
    wreck.disk.faults = .none
    try wreck.fill(log, upTo: 60)
    #expect(isMapped(log))
    try Wreck.expect(log, end: 60)
    try log.closeNow()
    let again = try wreck.open()
    #expect(again.recovery == nil)
    try Wreck.expect(again, end: 60)
    try again.closeNow()
  }

  /// An append that finds no spare makes one itself.
  @Test func anAppendThatOutrunsMaintenance() throws {
    let log = try wreck.open()
    wreck.disk.faults = .failing(.map, with: .noMemory, fromThenOn: true)
    while log.end < 40 { try log.append(Wreck.record(log.end)) }
    try Wreck.expect(log, end: 40)
    try log.closeNow()
  }

  /// What else is wrong with a mapping is no matter of the process's.
  @Test func otherFailuresStand() throws {
    let log = try wreck.open()
    wreck.disk.faults = .failing(.map, with: .inputOutput, fromThenOn: true)
    let failure = error { while log.end < 40 { try log.append(Wreck.record(log.end)) } }
    #expect(failure?.systemCall?.errno == Errno.inputOutput.rawValue)
    wreck.disk.faults = .none
    try log.closeNow()
  }

  @Test func withFewerAddressesThanASegmentNeeds() async {
    await #expect(processExitsWith: .success) {
      // AddressSanitizer has addresses of its own, terabytes of them.
      guard linux_has_own_memory() == 1 else { return }
      let place = Place(medium: .disk, writer: .mapped)
      try await place.withDirectory { directory in
        try MemoryLimit.limitAddresses(to: 256 << 20)
        let log = try await Log.open(
          at: directory, configuration: place.configuration(segmentByteCount: 1 << 30))
        let record = Record(value: [UInt8](repeating: 7, count: 64 << 10))
        for _ in 0..<1000 { try log.append(record) }
        try #require(log.tail.withLock { $0.sight.mapping == nil })
        try #require(log.end == 1000)
        try await log.close()
        let again = try await Log.open(
          at: directory, configuration: place.configuration(segmentByteCount: 1 << 30))
        try #require(try await again.verify().isSound)
        try await again.close()
      }
    }
  }
}
