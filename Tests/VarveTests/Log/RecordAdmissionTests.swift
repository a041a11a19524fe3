import Testing
import VarveFormat

@testable import Varve

/// What a log asks of each record, and how it says which ones it does not take.
@Suite struct RecordAdmissionTests {
  private func admission(
    _ now: Int64 = 1000, _ change: (inout LogConfiguration) -> Void
  ) -> RecordAdmission {
    var configuration = LogConfiguration()
    change(&configuration)
    return RecordAdmission(configuration, now: .at(now))
  }

  private typealias Reason = RecordRejection.Reason

  @Test func theWindowsEdges() {
    let admission = admission {
      $0.maximumTimestampAge = .milliseconds(600)
      $0.maximumTimestampLead = .milliseconds(10)
    }
    let expected: [(Int64, Reason?)] = [
      (-1, nil), (0, .isTooOld(.at(0))), (399, .isTooOld(.at(399))), (400, nil), (1000, nil),
      (1010, nil), (1011, .isTooEarly(.at(1011))), (.max, .isTooEarly(.at(.max))),
    ]
    for (time, reason) in expected {
      #expect(admission.objection(hasKey: false, timestamp: .at(time)) == reason, "\(time)")
    }
  }

  /// Limits beyond all times are none.
  @Test func windowsWithoutAnEnd() {
    let old = admission(.max) {
      $0.maximumTimestampAge = .milliseconds(Int64.max)
      $0.maximumTimestampLead = .milliseconds(Int64.max)
    }
    let ahead = admission { $0.maximumTimestampLead = .milliseconds(Int64.max) }
    let aged = admission { $0.maximumTimestampAge = .milliseconds(Int64.max) }
    for admission in [old, ahead, aged] {
      for time: Int64 in [-1, 0, 1000, .max] {
        #expect(admission.objection(hasKey: false, timestamp: .at(time)) == nil)
      }
    }
  }

  @Test(arguments: [TimestampType.createTime, .appendTime])
  func keysComeFirst(_ type: TimestampType) {
    let admission = admission {
      $0.requiresKeys = true
      $0.maximumTimestampAge = .zero
      $0.timestampType = type
    }
    #expect(admission.objection(hasKey: false, timestamp: .at(0)) == .keyIsMissing)
    #expect(
      admission.objection(hasKey: true, timestamp: .at(0))
        == (type == .createTime ? .isTooOld(.at(0)) : nil))
  }

  /// A time that a producer calls the log's is refused where the log gives its own; elsewhere only where
  /// there is none.
  @Test func timesThatClaimToBeALogs() {
    let (create, append) = (admission { _ in }, admission { $0.timestampType = .appendTime })
    let expected: [(Int64, RecordAdmission, Reason?)] = [
      (5, append, .timeIsNotTheLogs), (-1, append, .timeIsNotTheLogs), (5, create, nil),
      (-1, create, .timeIsNotTheLogs),
    ]
    for (time, admission, reason) in expected {
      let found = admission.objection(hasKey: true, timestamp: .at(time), claimsLogTime: true)
      #expect(found == reason, "\(time)")
    }
  }

  // MARK: In a log

  private static let codecs = CompressionCodec.allCases.filter(\.isBuiltIn)

  private func batch(
    _ records: [Record], _ codec: CompressionCodec, _ type: TimestampType = .createTime
  ) throws -> RecordBatch {
    var options = BatchOptions()
    if type == .appendTime { options.appendTime = records.compactMap(\.timestamp).max() }
    var compressor = try Compressor(Compression(codec))
    return try compressor.compress(RecordBatch.of(records, options))
  }

  private func rejections(_ log: Log, _ body: () throws -> Void) -> [RecordRejection] {
    let end = log.end
    let rejections = error(body)?.rejections ?? []
    #expect(log.end == end)
    return rejections
  }

  /// All records are named that are wrong, and none is appended.
  @Test(arguments: codecs)
  func allThatIsWrongIsTold(_ codec: CompressionCodec) async throws {
    try await Place.all[0].withDirectory { directory in
      let world = ManualWorld()
      var configuration = Place.all[0].configuration()
      configuration.requiresKeys = true
      configuration.maximumTimestampAge = .seconds(60)
      let log = try world.open(directory, configuration)
      let old = Timestamp.at(world.time.wallMilliseconds - 60_001)
      let records = [
        Record(key: "a", value: "1", timestamp: world.now), Record(value: "2", timestamp: old),
        Record(key: "c", value: nil, timestamp: old), Record(key: "", value: "4", timestamp: nil),
        Record(value: "5", timestamp: world.now),
      ]
      let expected = [
        RecordRejection(index: 1, reason: .keyIsMissing),
        RecordRejection(index: 2, reason: .isTooOld(old)),
        RecordRejection(index: 4, reason: .keyIsMissing),
      ]
      #expect(rejections(log) { try log.append(records) } == expected)
      let batch = try batch(records, codec)
      #expect(rejections(log) { try log.append(batch) } == expected)
      let wire = batch.array
      #expect(rejections(log) { try log.append(producedBatch: wire.span.bytes) } == expected)
      let alone = rejections(log) { try log.append(records[4]) }
      #expect(alone == [RecordRejection(index: 0, reason: .keyIsMissing)])
      #expect(try log.append(records[3]).offset == 0)
      #expect(try log.append(self.batch([records[0], records[3]], codec)).lastOffset == 2)
      try log.closeNow()
    }
  }

  /// The message names three, and says how many there are.
  @Test func manyAreCounted() {
    let rejections = (0..<5).map { RecordRejection(index: $0, reason: .keyIsMissing) }
    let error = LogError.rejected(rejections)
    #expect(error.code == .invalidArgument && error.rejections == rejections)
    #expect(error.message.contains("record 2 ") && !error.message.contains("record 3 "))
    #expect(error.message.hasSuffix("and 2 more"))
    #expect(!LogError.rejected(Array(rejections.prefix(3))).message.contains("more"))
  }

  /// Where producers' times count, what is stored does not say otherwise.
  @Test(arguments: codecs)
  func producersTimesStayTheirs(_ codec: CompressionCodec) async throws {
    try await Place.all[0].withDirectory { directory in
      let log = try ManualWorld().open(directory, Place.all[0].configuration())
      let records = [Record(value: "x", timestamp: .at(7)), Record(value: "y", timestamp: .at(9))]
      try log.append(producedBatch: try batch(records, codec, .appendTime).array.span.bytes)
      let header = try #require(try log.headers().first)
      #expect(header.timestampType == .createTime && header.maxTimestamp == .at(9))
      try log.closeNow()
    }
    try await Place.all[0].withDirectory { directory in
      var configuration = Place.all[0].configuration()
      configuration.timestampType = .appendTime
      let log = try ManualWorld().open(directory, configuration)
      let claimed = try batch([Record(value: "x", timestamp: .at(7))], codec, .appendTime).array
      let found = rejections(log) { try log.append(producedBatch: claimed.span.bytes) }
      #expect(found == [RecordRejection(index: 0, reason: .timeIsNotTheLogs)])
      try log.closeNow()
    }
  }
}
