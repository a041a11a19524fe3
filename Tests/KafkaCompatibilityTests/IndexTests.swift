import Testing
import Varve

/// Every entry of every index, against the batches of its segment.
@Suite struct IndexTests {
  /// An entry says: the batch that begins at this position reaches to this offset.
  @Test(arguments: PartitionID.allCases)
  func offsetEntriesAreTrue(_ id: PartitionID) throws {
    let partition = try PartitionFixture.load(id)
    var seen = 0
    for segment in partition.segments {
      let bytes = segment.offsetIndexEntries
      let index = OffsetIndexView(bytes.span.bytes, baseOffset: segment.baseOffset)
      try index.validate()
      for number in 0..<index.count {
        seen += 1
        let entry = index[number]
        let following = try segment.batches(from: entry.position).required()
        // Here an entry is always that of one batch, whatever was appended with it. (Older Kafkas
        // name the last batch of what they append at once; no fixture is from one.)
        #expect(following.first?.header.lastOffset == entry.offset)
        // The first batch of a segment needs no entry.
        #expect(entry.position > 0)
      }
    }
    #expect(seen == (try partition.counts.offsetEntries))
  }

  /// An entry says: up to this offset no batch is newer, and the first one as new ends there.
  @Test(arguments: PartitionID.allCases)
  func timeEntriesAreTrue(_ id: PartitionID) throws {
    let partition = try PartitionFixture.load(id)
    var seen = 0
    for segment in partition.segments {
      let bytes = segment.timeIndexEntries
      let index = TimeIndexView(bytes.span.bytes, baseOffset: segment.baseOffset)
      try index.validate()
      for number in 0..<index.count {
        seen += 1
        let entry = index[number]
        let batches = segment.batches.map(\.header).prefix { $0.lastOffset <= entry.offset }
        #expect(batches.last?.lastOffset == entry.offset)
        #expect(batches.last?.maxTimestamp == entry.timestamp)
        #expect(batches.dropLast().allSatisfy { $0.maxTimestamp < entry.timestamp })
      }
      // A segment at rest has the greatest time as its last entry.
      if segment.timeIndex.count == bytes.count, !segment.batches.isEmpty {
        #expect(index.last?.timestamp == segment.maxTimestamp)
      }
    }
    #expect(seen == (try partition.counts.timeEntries))
  }

  @Test(arguments: PartitionID.allCases)
  func entriesEncodeToTheSameBytes(_ id: PartitionID) throws {
    for segment in try PartitionFixture.load(id).segments {
      let base = segment.baseOffset
      let offsets = OffsetIndexView(segment.offsetIndexEntries.span.bytes, baseOffset: base)
      var encoded: [UInt8] = []
      for number in 0..<offsets.count {
        let bytes = try offsets[number].encoded(relativeTo: base)
        for position in bytes.indices { encoded.append(bytes[position]) }
      }
      #expect(encoded == segment.offsetIndexEntries)

      let times = TimeIndexView(segment.timeIndexEntries.span.bytes, baseOffset: base)
      encoded = []
      for number in 0..<times.count {
        let bytes = try times[number].encoded(relativeTo: base)
        for position in bytes.indices { encoded.append(bytes[position]) }
      }
      #expect(encoded == segment.timeIndexEntries)
    }
  }

  /// Only active segments of the killed broker have zeros behind their entries, and there the zeros
  /// are refused because they do not follow: at the first of them, or at the second where there is
  /// no entry before them.
  @Test(arguments: PartitionID.allCases)
  func zerosBehindTheEntriesAreRefused(_ id: PartitionID) throws {
    let segments = try PartitionFixture.load(id).segments
    for segment in segments {
      let isActive = id.isKilled && segment.baseOffset == segments.last?.baseOffset
      let base = segment.baseOffset

      let offsets = OffsetIndexView(segment.offsetIndex.span.bytes, baseOffset: base)
      let offsetBreach = breach { () throws(LogError) in try offsets.validate() }
      let offsetEntries = segment.offsetIndexEntries.count
      let firstWrongOffset = max(offsetEntries, OffsetIndexEntry.byteCount)
      #expect((segment.offsetIndex.count > offsetEntries) == isActive)
      #expect(offsetBreach?.rule == (isActive ? .indexOrder : nil))
      #expect(offsetBreach?.byte == (isActive ? firstWrongOffset : nil))

      let times = TimeIndexView(segment.timeIndex.span.bytes, baseOffset: base)
      let timeBreach = breach { () throws(LogError) in try times.validate() }
      let timeEntries = segment.timeIndexEntries.count
      let firstWrongTime = max(timeEntries, TimeIndexEntry.byteCount)
      #expect((segment.timeIndex.count > timeEntries) == isActive)
      #expect(timeBreach?.rule == (isActive ? .indexOrder : nil))
      #expect(timeBreach?.byte == (isActive ? firstWrongTime : nil))
    }
  }

  private func breach(_ body: () throws(LogError) -> Void) -> FormatBreach? {
    do {
      try body()
      return nil
    } catch {
      return error.breach
    }
  }
}
