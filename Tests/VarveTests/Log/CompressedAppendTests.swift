import Testing
import VarveFormat

@testable import Varve

/// Compressed batches in a log: stored as they came, and read like others.
@Suite struct CompressedAppendTests {
  private static let codecs = CompressionCodec.allCases.filter { $0 != .none && $0.isBuiltIn }

  private func batch(
    _ records: [Record], _ codec: CompressionCodec, _ options: BatchOptions = BatchOptions()
  ) throws -> RecordBatch {
    var compressor = try Compressor(Compression(codec))
    return try compressor.compress(RecordBatch.of(records, options))
  }

  private func records(_ range: Range<Int64>) -> [Record] {
    range.map { Record(key: "user \($0 % 3)", value: "paid \($0) times", timestamp: .at($0 * 10)) }
  }

  @Test(arguments: Place.all, codecs)
  func whatIsAppendedIsRead(_ place: Place, _ codec: CompressionCodec) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let log = try world.open(directory, place.configuration())
      let all = records(0..<300)
      let built = try log.append(batch(Array(all[..<100]), codec))
      #expect(built.baseOffset == 0 && built.nextOffset == 100 && built.timestamp == .at(990))
      let wire = try batch(Array(all[100..<200]), codec).array
      let produced = try log.append(producedBatch: wire.span.bytes)
      #expect(produced.baseOffset == 100 && produced.nextOffset == 200)
      try log.append(Array(all[200...]))
      try expect(all, in: log)
      #expect(try log.headers().map(\.codec) == [codec, codec, .none])
      // Stored as they came, but for offset and epoch.
      #expect(try log.headers()[1].byteCount == wire.count)
      try log.closeNow()
      let again = try world.open(directory, place.configuration())
      try expect(all, in: again)
      try again.closeNow()
    }
  }

  private func expect(_ records: [Record], in log: Log) throws {
    let stored = try log.stored()
    #expect(stored.map(\.record) == records)
    #expect(stored.map(\.offset) == records.indices.map { Offset(rawValue: Int64($0)) })
    for offset in [0, 57, 99, 100, 199, 200, 299] {
      #expect(try log.recordNow(at: Offset(rawValue: Int64(offset))) == records[offset])
    }
    // Within a batch, too.
    #expect(try log.firstNow(at: .at(571))?.offset == 58)
    #expect(try log.firstNow(at: .at(1990))?.offset == 199)
  }

  @Test(arguments: codecs)
  func aTailReadsThem(_ codec: CompressionCodec) async throws {
    try await Place.all[0].withDirectory { directory in
      let log = try await Log.open(at: directory, environment: .unsynced)
      let all = records(0..<50)
      try log.append(batch(all, codec))
      for try await batch in log.tail(from: .earliest) {
        #expect(try batch.records().map { Record(copying: $0) } == all)
        break
      }
      try await log.close()
    }
  }

  /// What is broken inside of a producer's batch is found before it is appended, and what is broken
  /// in its stream; the next batch is taken.
  @Test(arguments: Place.all, codecs)
  func brokenInsidesAreRefused(_ place: Place, _ codec: CompressionCodec) async throws {
    try await place.withDirectory { directory in
      let log = try ManualWorld().open(directory, place.configuration())
      var gapped = try RecordBatchBuilder()
      try gapped.append(Record(value: "a"))
      try gapped.append(Record(value: "b"), offset: 2)
      let finished = gapped.finish()
      var compressor = try Compressor(Compression(codec))
      let holed = try compressor.compress(#require(finished)).array
      // Three offsets and two records: no producer numbers them so.
      var refusal = error { try log.append(producedBatch: holed.span.bytes) }
      #expect(refusal?.breach?.rule == .producedRecordCount)

      var cut = try batch(records(0..<20), codec).array
      cut = cut.dropLast(6).resized
      refusal = error { try log.append(producedBatch: cut.span.bytes) }
      #expect(refusal?.breach?.rule == .compressedStream)
      #expect(log.end == 0)
      let wire = try batch(records(0..<20), codec).array
      #expect(try log.append(producedBatch: wire.span.bytes).nextOffset == 20)
      try log.closeNow()
    }
  }

  /// An old record hides inside: only the greatest time is in the header.
  @Test(arguments: codecs)
  func timesAreLookedAtInside(_ codec: CompressionCodec) async throws {
    try await Place.all[0].withDirectory { directory in
      let world = ManualWorld()
      var configuration = Place.all[0].configuration()
      configuration.maximumTimestampAge = .seconds(60)
      let log = try world.open(directory, configuration)
      func pair(_ age: Int64) throws -> RecordBatch {
        try batch(
          [
            Record(value: "new", timestamp: world.now),
            Record(value: "old", timestamp: .at(world.time.wallMilliseconds - age)),
          ], codec)
      }
      let (old, young) = (try pair(60_001), try pair(60_000))
      #expect(error { try log.append(old) }?.code == .invalidArgument)
      let wire = old.array
      #expect(error { try log.append(producedBatch: wire.span.bytes) }?.code == .invalidArgument)
      try log.append(young)
      #expect(log.end == 2)
      try log.closeNow()
    }
  }

  /// The log's clock is written into the header, and counts for all that is inside.
  @Test(arguments: codecs)
  func appendTimeCounts(_ codec: CompressionCodec) async throws {
    try await Place.all[0].withDirectory { directory in
      let world = ManualWorld()
      var configuration = Place.all[0].configuration()
      configuration.timestampType = .appendTime
      let log = try world.open(directory, configuration)
      let receipt = try log.append(batch(records(0..<5), codec))
      #expect(receipt.timestamp == world.now)
      #expect(try log.stored().allSatisfy { $0.record.timestamp == world.now })
      try log.closeNow()
    }
  }

  /// A codec that is not built in: what a log may hold is stored and sent as ever, and not looked
  /// into; what a producer sends must be.
  @Test(arguments: CompressionCodec.allCases.filter { !$0.isBuiltIn })
  func absentCodecsAreStored(_ codec: CompressionCodec) async throws {
    try await Place.all[0].withDirectory { directory in
      let log = try ManualWorld().open(directory, Place.all[0].configuration())
      var bytes = try RecordBatch.of(records(0..<5)).array
      bytes[22] = codec.rawValue
      let claimed = bytes.resized
      #expect(error { try log.append(producedBatch: claimed.span.bytes) }?.code == .unsupported)
      try log.append(RecordBatch(validating: claimed, as: .log))
      #expect(log.end == 5)
      #expect(try log.headers().map(\.codec) == [codec])
      #expect(error { try log.recordNow(at: 0) }?.code == .unsupported)
      try log.closeNow()
    }
  }
}

extension Collection<UInt8> {
  /// A batch's bytes, of which there are more or fewer now, with length and checksum put right.
  fileprivate var resized: [UInt8] {
    var bytes = Array(self)
    let length = Int32(bytes.count - FormatLimits.batchPrefixByteCount)
    bytes.replaceSubrange(8..<12, with: withUnsafeBytes(of: length.bigEndian, Array.init))
    let covered = Array(bytes[21...])
    let checksum = CRC32C.checksum(of: covered.span.bytes)
    bytes.replaceSubrange(17..<21, with: withUnsafeBytes(of: checksum.bigEndian, Array.init))
    return bytes
  }
}
