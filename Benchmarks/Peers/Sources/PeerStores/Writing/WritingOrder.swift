/// What a process is told to write, until it is killed.
package struct WritingOrder: Sendable, Hashable {
  package var kind: StoreKind
  /// A directory that is there.
  package var path: String
  package var valueByteCount: Int
  package var recordsInBatch: Int
  /// After so many batches it reports.
  package var batchesInReport: Int
  package var syncsEachBatch: Bool

  package init(
    _ kind: StoreKind, at path: String, valueByteCount: Int, recordsInBatch: Int,
    batchesInReport: Int, syncsEachBatch: Bool
  ) {
    self.kind = kind
    self.path = path
    self.valueByteCount = valueByteCount
    self.recordsInBatch = recordsInBatch
    self.batchesInReport = batchesInReport
    self.syncsEachBatch = syncsEachBatch
  }
}

extension WritingOrder {
  /// The word that such a process has before all others.
  package static let command = "write-until-killed"

  /// The words that it is started with, after the program's name.
  var words: [String] {
    [
      Self.command, kind.rawValue, path, String(valueByteCount), String(recordsInBatch),
      String(batchesInReport), String(syncsEachBatch),
    ]
  }

  /// Reads those words; nil if they are not of such an order.
  package init?(words: [String]) {
    guard words.count == 7, words[0] == Self.command, let kind = StoreKind(rawValue: words[1]),
      let valueByteCount = Int(words[3]), let recordsInBatch = Int(words[4]),
      let batchesInReport = Int(words[5]), let syncsEachBatch = Bool(words[6])
    else { return nil }
    self.init(
      kind, at: words[2], valueByteCount: valueByteCount, recordsInBatch: recordsInBatch,
      batchesInReport: batchesInReport, syncsEachBatch: syncsEachBatch)
  }

  /// Writes and reports on standard output, on and on.
  package func carryOut() throws -> Never {
    let before = ResidentMemory.current
    let store = try kind.open(at: path, StoreSettings(syncsEachBatch: syncsEachBatch))
    let payload = Payload(byteCount: valueByteCount)
    while true {
      try store.append(payload, recordsInBatch: recordsInBatch, times: batchesInReport)
      let memory = ResidentMemory.current.beyond(before)
      try WritingReport(recordCount: store.count, memory: memory).send()
    }
  }
}
