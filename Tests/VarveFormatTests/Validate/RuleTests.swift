import Testing

@testable import VarveFormat

/// Each rule of a single batch is broken once, and the refusal must name it and the place.
@Suite struct RuleTests {
  @Test(arguments: FormatRule.allCases)
  func brokenRuleIsNamed(rule: FormatRule) throws {
    guard let broken = try BrokenBatch(rule) else { return }
    let error = try #require(
      error { try RecordBatch(validating: broken.bytes, as: broken.origin) })
    #expect(error.breach == FormatBreach(rule, atByte: broken.byte, inRecord: broken.record))
    #expect(error.code == (rule.bindsProducersOnly ? .invalidArgument : .corrupt))
  }

  /// The same of files, and of messages of before format version 2.
  @Test(arguments: FormatRule.allCases)
  func brokenRuleOfAFileIsNamed(rule: FormatRule) throws {
    guard let broken = BrokenFile(rule) else { return }
    let error = try #require(error { try broken.read() })
    #expect(error.breach == FormatBreach(rule, atByte: broken.byte))
    #expect(error.code == (rule == .fileVersion ? .unsupported : .corrupt))
  }

  /// Each rule is broken somewhere here, or by what lies beside a batch.
  @Test func noRuleIsLeftOut() throws {
    let elsewhere: Set<FormatRule> = [
      .controlKey, .endTransactionValue, .offsetsIncrease, .offsetsAreContiguous,
      .leaderEpochsIncrease, .indexLength, .indexOrder, .indexRange,
    ]
    for rule in FormatRule.allCases {
      let isBroken = try BrokenBatch(rule) != nil || BrokenFile(rule) != nil
      #expect(isBroken != elsewhere.contains(rule), "\(rule)")
    }
  }

  /// What binds producers alone may lie in a log.
  @Test(arguments: FormatRule.allCases.filter(\.bindsProducersOnly))
  func producersRulesDoNotBindLogs(rule: FormatRule) throws {
    let broken = try #require(try BrokenBatch(rule))
    guard rule != .producedOffsetDelta else { return }  // there the log has a rule of its own
    #expect(throws: Never.self) { try RecordBatch(validating: broken.bytes, as: .log) }
  }

  @Test func goodBatchesPass() throws {
    let batch = try RecordBatch.small()
    for origin in [BatchOrigin.log, .producer] {
      #expect(try RecordBatch(validating: batch.array, as: origin) == batch)
    }
  }

  @Test func bytesBehindABatchAreRefused() throws {
    let bytes = try RecordBatch.small().array + [0]
    let error = try #require(error { try RecordBatch(validating: bytes, as: .log) })
    #expect(error.breach == FormatBreach(.batchLength, atByte: 8))
  }

  @Test func olderFormatsAreNotSupportedYet() throws {
    for magic: UInt8 in [0, 1] {
      let bytes = try RecordBatch.small().array.replacing(16, with: [magic])
      let error = try #require(error { try RecordBatch(validating: bytes, as: .log) })
      #expect(error.code == .unsupported)
      #expect(error.breach == FormatBreach(.magic, atByte: 16))
    }
  }

  /// In a log the checksum answers for what is compressed; it is looked into when it is read.
  @Test(arguments: [CompressionCodec.gzip, .snappy, .lz4, .zstd])
  func logsDoNotLookIntoCompressedBatches(codec: CompressionCodec) throws {
    let bytes = try RecordBatch.small().array.replacing(22, with: [codec.rawValue])
    let batch = try RecordBatch(validating: bytes, as: .log)
    #expect(batch.header.codec == codec)
    #expect(batch.header.recordCount == 2)
    let error = try #require(error { try batch.records() })
    guard codec.isBuiltIn else {
      #expect(error.code == .unsupported)
      #expect(error.message.contains("\(codec)"))
      return #expect(error.message.contains(try #require(codec.traitName)))
    }
    #expect(error.breach?.rule == .compressedStream)
    #expect((61...bytes.count).contains(try #require(error.breach).byte))
  }

  /// A view that nobody validated still checks what it must before it hands out records.
  @Test func unverifiedViewsCheckTheirRecords() throws {
    for rule in [FormatRule.recordCount, .codec, .recordLength, .batchIsFilled, .offsetDelta] {
      let bytes = try #require(try BrokenBatch(rule)).bytes
      let error = error { try BatchView(unverified: bytes.span.bytes).records.count }
      #expect(error?.breach?.rule == rule)
    }
  }

  @Test func controlRecordsMayBeShort() throws {
    func marker(key: [UInt8], value: [UInt8]?) throws -> LogError? {
      let batch = try RecordBatch.of([Record(key: key, value: value)])
      let record = try #require(Array(try batch.records()).first)
      return error { try EndTransactionMarker(record.view) }
    }
    // The key begins behind the header and five numbers of a byte each.
    let badKey = FormatBreach(.controlKey, atByte: 66)
    #expect(try marker(key: [0, 0, 0], value: [])?.breach == badKey)
    #expect(try marker(key: [0xff, 0xff, 0, 1], value: [])?.breach == badKey)
    let badValue = FormatBreach(.endTransactionValue, atByte: 71)
    #expect(try marker(key: [0, 0, 0, 1], value: [0, 0, 0, 0, 1])?.breach == badValue)
    #expect(try marker(key: [0, 0, 0, 1], value: nil)?.breach == badValue)
    // Later versions, longer and with another number in front, are read by what they begin with.
    #expect(try marker(key: [0, 1, 0, 0, 9], value: [0, 1, 0, 0, 0, 5, 7]) == nil)
  }

  private func marker(of batch: RecordBatch) throws -> EndTransactionMarker? {
    let view = batch.view
    return try EndTransactionMarker(of: view)
  }

  /// A control batch holds one marker, if it is one's, and none once compaction has emptied it.
  @Test func theMarkerOfABatchIsRead() throws {
    let marker = EndTransactionMarker(.aborted, coordinatorEpoch: 7)
    let batch = try RecordBatch(
      marker, by: Producer(id: 1, epoch: 0), at: Timestamp(milliseconds: 5))
    #expect(try self.marker(of: batch) == marker)
    #expect(try self.marker(of: RecordBatch(emptied: batch.header)) == nil)
    #expect(try self.marker(of: RecordBatch.small()) == nil)
    var options = BatchOptions()
    options.isControl = true
    let other = try RecordBatch.of([Record(key: [0, 0, 0, 2], value: [])], options)
    #expect(try self.marker(of: other) == nil)
    let broken = try RecordBatch.of([Record(key: [0, 0, 0, 1], value: [0, 0])], options)
    #expect(error { try self.marker(of: broken) }?.breach?.rule == .endTransactionValue)
  }

  @Test func controlTypesKeepTheirNumbers() {
    for number in Int16(-1)...8 {
      #expect(ControlRecordType(rawValue: number).rawValue == number)
    }
    #expect(ControlRecordType(rawValue: 1) == .commit)
    #expect(ControlRecordType(rawValue: 7) == .unknown(7))
  }
}
