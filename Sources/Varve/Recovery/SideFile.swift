internal import VarveSystem

/// The one file of ours in a log's directory. Kafka does not know it, and it is only a cache: where
/// it is missing or wrong, opening takes longer.
///
/// Two slots, written in turn, so that a crash while one is written leaves the other.
final class SideFile: Sendable {
  private struct State {
    var record: SideRecord
    var generation: Int64
  }

  private let file: OpenFile
  private let state: Lock<State>

  private static let slotCount = 2

  /// Opens the side file of a log, or makes one, and returns what it says, if anything.
  static func open(
    in directory: String, _ fileSystem: any FileSystem, bootID: BootID
  ) throws(SystemError) -> (SideFile, SideRecord?) {
    let path = directory + "/" + LogFileNames.sideFile
    let file = try OpenFile(path, .writingOrCreating, in: fileSystem)
    let found = try read(file)
    // Space for both slots before they are needed: on a full device they can still be written.
    let size = slotCount * SideRecord.byteCount
    if try file.status().byteCount < size {
      let zeros = [UInt8](repeating: 0, count: size)
      try file.write(unsafe zeros.span.bytes, at: 0)
    }
    let record =
      found?.record
      ?? SideRecord(state: .open, bootID: bootID.rawValue, sealedBelow: 0, last: nil)
    let sideFile = SideFile(file, record, generation: found?.generation ?? 0)
    return (sideFile, found?.record)
  }

  private init(_ file: OpenFile, _ record: SideRecord, generation: Int64) {
    self.file = file
    state = Lock(State(record: record, generation: generation))
  }

  /// What the side file of a log says, if there is one. For those who only read.
  static func read(
    in directory: String, _ fileSystem: any FileSystem
  ) -> SideRecord? {
    let path = directory + "/" + LogFileNames.sideFile
    guard let file = try? OpenFile(path, .reading, in: fileSystem) else { return nil }
    return (try? read(file))??.record
  }

  private static func read(
    _ file: OpenFile
  ) throws(SystemError) -> (record: SideRecord, generation: Int64)? {
    let size = slotCount * SideRecord.byteCount
    let storage = ByteStorage(capacity: size)
    let count = try unsafe file.read(into: storage.memory, at: 0)
    var newest: (record: SideRecord, generation: Int64)?
    for slot in 0..<slotCount where (slot + 1) * SideRecord.byteCount <= count {
      // SAFETY: within the storage, of which `count` bytes were read.
      let bytes = unsafe RawSpan(
        _unsafeStart: storage.base + slot * SideRecord.byteCount, byteCount: SideRecord.byteCount)
      guard let found = SideRecord.parse(bytes) else { continue }
      if found.generation > newest?.generation ?? .min { newest = found }
    }
    return newest
  }

  /// Changes the record. When this returns, the change is on the device.
  func update(_ change: (inout SideRecord) -> Void) throws(SystemError) {
    var next = state.withLock { $0 }
    change(&next.record)
    next.generation += 1
    let slot = Int(next.generation % Int64(Self.slotCount))
    let bytes = next.record.encoded(generation: next.generation)
    try file.write(unsafe bytes.span.bytes, at: slot * SideRecord.byteCount)
    try file.syncData()
    state.withLock { $0 = next }
  }
}
