internal import Varve

/// A log by its public interface, configured as it comes: so full segments go to the device in the
/// background, though nobody waits for that.
final class VarveStore: Store {
  private let log: Log
  private let syncs: Bool

  init(at path: String, _ settings: StoreSettings) throws {
    log = try Log.open(at: path + "/peers-0")
    syncs = settings.syncsEachBatch
  }

  var count: Int { Int(log.end.rawValue) }

  func append(_ payload: Payload, recordsInBatch: Int, times: Int) throws {
    if recordsInBatch == 1 {
      try appendSingly(payload, times: times)
    } else {
      try appendBatches(payload, of: recordsInBatch, times: times)
    }
  }

  private func appendSingly(_ payload: Payload, times: Int) throws {
    let first = count
    for offset in first..<first + times {
      let receipt = try log.append(key: nil, value: payload.value(of: offset).bytes)
      if syncs { try log.waitUntilDurable(receipt.nextOffset) }
    }
  }

  /// Built where they will lie.
  private func appendBatches(_ payload: Payload, of recordCount: Int, times: Int) throws {
    let byteCount =
      FormatLimits.batchHeaderByteCount
      + recordCount * (payload.byteCount + FormatLimits.maximumRecordOverhead)
    var offset = count
    for _ in 0..<times {
      let now = Timestamp.ofWallClock
      let receipt = try log.append(reserving: byteCount) { batch in
        for offset in offset..<offset + recordCount {
          try batch.append(key: nil, value: payload.value(of: offset).bytes, timestamp: now)
        }
      }
      if syncs { try log.waitUntilDurable(receipt.nextOffset) }
      offset += recordCount
    }
  }

  func scan(atMost limit: Int, _ visit: (UnsafeRawBufferPointer) -> Void) throws -> Int {
    var left = limit
    var scan = try log.scan(from: .earliest)
    while left > 0, let batch = try scan.next() {
      try batch.records.forEach { record in
        guard left > 0 else { return }
        record.value?.withUnsafeBytes(visit)
        left -= 1
      }
    }
    return limit - left
  }

  func lookUp(_ offset: Int, _ visit: (UnsafeRawBufferPointer) -> Void) throws -> Bool {
    try log.withRecord(at: Offset(rawValue: Int64(offset))) { record in
      record.value?.withUnsafeBytes(visit)
    } != nil
  }

  func close() throws { try log.close() }
}
