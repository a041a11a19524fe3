import Testing
import Varve

/// What was read of a batch, written again: the same bytes, wherever they are determined.
@Suite struct ReencodingTests {
  @Test(arguments: PartitionID.allCases)
  func headersAreTheSame(_ id: PartitionID) throws {
    for segment in try PartitionFixture.load(id).segments {
      for batch in segment.batches {
        #expect(
          batch.header.encoded.elementsEqual(
            segment.log[batch.position..<batch.position + FormatLimits.batchHeaderByteCount]))
      }
    }
  }

  @Test(arguments: PartitionID.allCases)
  func builtBatchesAreTheSame(_ id: PartitionID) throws {
    try expectSame(id) { try $0.built().bytesCopied }
  }

  @Test(arguments: PartitionID.allCases)
  func stampedBatchesAreTheSame(_ id: PartitionID) throws {
    try expectSame(id) { try $0.stamped().bytesCopied }
  }

  @Test(arguments: PartitionID.allCases)
  func writtenBatchesAreTheSame(_ id: PartitionID) throws {
    try expectSame(id) { try $0.written() }
  }

  /// Compressed as hard as we do it and not as Kafka's clients did, but the same inside.
  @Test(arguments: PartitionID.described)
  func recompressedBatchesAreTheSameInside(_ id: PartitionID) throws {
    var decompressor = Decompressor()
    for codec in CompressionCodec.allCases where codec != .none && codec.isBuiltIn {
      var compressor = try Compressor(Compression(codec))
      try PartitionFixture.load(id).forEachBatch { batch in
        guard batch.header.codec == codec else { return }
        let owned = try RecordBatch(validating: batch.bytes, as: .log)
        let plain = try decompressor.decompress(owned)
        #expect(plain.header.codec == .none && plain.header.offsets == owned.header.offsets)
        let again = try compressor.compress(plain)
        #expect(again.header.codec == codec)
        #expect(try decompressor.decompress(again) == plain)
      }
    }
  }

  private func expectSame(
    _ id: PartitionID, _ rebuild: (RebuiltBatch) throws -> [UInt8],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let partition = try PartitionFixture.load(id)
    var seen = 0
    var differing: [Offset] = []
    try partition.forEachBatch { batch in
      guard batch.header.codec == .none else { return }
      seen += 1
      let owned = try RecordBatch(validating: batch.bytes, as: .log)
      if try rebuild(RebuiltBatch(owned)) != owned.bytesCopied {
        differing.append(batch.header.baseOffset)
      }
    }
    #expect(differing == [], sourceLocation: sourceLocation)
    #expect(seen == (try partition.counts.plainBatches), sourceLocation: sourceLocation)
  }

  /// All markers but the one to which compaction gave a delete horizon: that has no short form,
  /// and is among the batches that the builder makes.
  @Test(arguments: PartitionID.described)
  func markersAreTheSame(_ id: PartitionID) throws {
    let partition = try PartitionFixture.load(id)
    var seen = 0
    try partition.forEachBatch { batch in
      guard batch.header.isControl, batch.header.deleteHorizon == nil else { return }
      seen += 1
      let owned = try RecordBatch(validating: batch.bytes, as: .log)
      #expect(try RebuiltBatch(owned).marker() == owned)
    }
    let withHorizon = id == .compacted ? 1 : 0
    #expect(seen == (try partition.counts.controlBatches) - withHorizon)
  }

  /// Kafka's cleaner left no emptied batch here, so there are no bytes of its to compare with. What
  /// can be seen is that an emptied batch is valid and keeps all that it must.
  @Test(arguments: PartitionID.allCases)
  func emptiedBatchesKeepTheirOffsetsAndNumbers(_ id: PartitionID) throws {
    for header in try PartitionFixture.load(id).batches.map(\.header) {
      let emptied = RecordBatch(emptied: header)
      let view = try BatchView(validating: emptied.bytes, as: .log)
      #expect(view.header == emptied.header)
      #expect(try view.records.count == 0)
      #expect(emptied.byteCount == FormatLimits.batchHeaderByteCount)
      #expect(emptied.header.offsets == header.offsets)
      #expect(emptied.header.lastSequence == header.lastSequence)
      #expect(emptied.header.producer == header.producer)
      #expect(emptied.header.leaderEpoch == header.leaderEpoch)
      #expect(emptied.header.maxTimestamp == header.maxTimestamp)
      #expect(emptied.header.timestampType == header.timestampType)
      #expect(emptied.header.isTransactional == header.isTransactional)
      #expect(emptied.header.isControl == header.isControl)
    }
  }
}

extension RecordBatch {
  var bytesCopied: [UInt8] { Array(bytes) }
}
