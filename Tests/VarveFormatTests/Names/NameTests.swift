import Testing

@testable import VarveFormat

/// What a name says, and that nothing else says it: a log that took a stranger's file for its own
/// would cut or remove it.
@Suite struct NameTests {
  // MARK: Segments

  static let zeros = String(repeating: "0", count: 20)

  static let segmentNames: [(String, SegmentFileName)] = [
    ("00000000000000000000.log", SegmentFileName(0, .log)),
    ("00000000000000000042.index", SegmentFileName(42, .offsetIndex)),
    ("00000000000000000042.timeindex", SegmentFileName(42, .timeIndex)),
    ("00000000000000000042.txnindex", SegmentFileName(42, .transactionIndex)),
    ("00000000000000000042.snapshot", SegmentFileName(42, .producerSnapshot)),
    ("09223372036854775807.log", SegmentFileName(Offset(rawValue: .max), .log)),
    ("00000000000000000007.log.cleaned", SegmentFileName(7, .log, transition: .cleaned)),
    ("00000000000000000007.index.swap", SegmentFileName(7, .offsetIndex, transition: .swap)),
    (
      "00000000000000000007.timeindex.deleted",
      SegmentFileName(7, .timeIndex, transition: .deleted)
    ),
    (
      "00000000000000000007.snapshot.deleted",
      SegmentFileName(7, .producerSnapshot, transition: .deleted)
    ),
  ]

  @Test(arguments: segmentNames)
  func segmentNamesAreReadAndWritten(text: String, name: SegmentFileName) {
    #expect(SegmentFileName(parsing: text) == name)
    #expect(name.description == text)
  }

  /// As many digits as an offset may have.
  @Test(arguments: 0..<19)
  func numbersOfEachLengthComeBack(digitCount: Int) {
    let number = (0..<digitCount).reduce(1) { number, _ in number * 10 }
    for offset in [number - 1, number].map({ Offset(rawValue: Int64($0)) }) {
      let name = SegmentFileName(offset, .log)
      #expect(name.description.hasSuffix("\(offset.rawValue).log"))
      #expect(name.description.utf8.count == 24)
      #expect(SegmentFileName(parsing: name.description) == name)
    }
  }

  @Test func everyKindAndTransitionComesBack() {
    for kind in SegmentFileName.Kind.allCases {
      for transition in [nil] + SegmentFileName.Transition.allCases.map(Optional.some) {
        let name = SegmentFileName(Offset(rawValue: 1 << 40), kind, transition: transition)
        #expect(SegmentFileName(parsing: name.description) == name)
      }
    }
  }

  @Test(
    arguments: [
      "", ".", "..", ".log", "log", "0.log", zeros, "\(zeros).", "\(zeros).log.", ".\(zeros).log",
      "\(zeros)..log", "\(zeros).log..deleted", "\(zeros)log", "\(zeros)-log", "\(zeros) .log",
      "\(zeros).log ", " \(zeros).log", "\(zeros).log\n", "\(zeros).log/", "a/\(zeros).log",
      // 19 digits and 21; a sign, a letter, a space, another script's digit for the twentieth
      "0000000000000000000.log", "000000000000000000000.log", "+0000000000000000001.log",
      "-0000000000000000001.log", "0000000000000000000a.log", "0x000000000000000001.log",
      "0000000000000000000 .log", "0000000000000000_001.log", "000000000000000001.0.log",
      "0000000000000000000٣.log", "000000000000000000٣.log", "0000000000000000000１.log",
      "00000000000000000000\u{301}.log",
      // numbers that are no offsets
      "09223372036854775808.log", "18446744073709551616.log", "99999999999999999999.log",
      // suffixes that are not known, or not there, or not alone
      "\(zeros).Log", "\(zeros).LOG", "\(zeros).logs", "\(zeros).txt", "\(zeros).offsetIndex",
      "\(zeros).deleted", "\(zeros).swap", "\(zeros).log.tmp", "\(zeros).log.Deleted",
      "\(zeros).log.part", "\(zeros).log.log", "\(zeros).log.swap.deleted",
      "\(zeros).log.cleaned.swap", "\(zeros).deleted.log", "\(zeros).log\u{301}",
      // other files of a partition
      "leader-epoch-checkpoint", "partition.metadata", "varve-spare.1", ".varve",
      "\(zeros).checkpoint", "\(zeros)-0000000001.checkpoint",
    ])
  func strangersAreNoSegments(name: String) {
    #expect(SegmentFileName(parsing: name) == nil)
  }

  // MARK: Snapshots of Kafka's metadata

  static let snapshotNames: [(String, MetadataSnapshotName)] = [
    ("\(zeros)-0000000000.checkpoint", MetadataSnapshotName(endOffset: 0, epoch: 0)),
    ("00000000000000000019-0000000003.checkpoint", MetadataSnapshotName(endOffset: 19, epoch: 3)),
    (
      "00000000000000000019-0000000003.checkpoint.part",
      MetadataSnapshotName(endOffset: 19, epoch: 3, transition: .part)
    ),
    (
      "00000000000000000019-0000000003.checkpoint.deleted",
      MetadataSnapshotName(endOffset: 19, epoch: 3, transition: .deleted)
    ),
    (
      "09223372036854775807-2147483647.checkpoint",
      MetadataSnapshotName(endOffset: Offset(rawValue: .max), epoch: LeaderEpoch(rawValue: .max))
    ),
  ]

  @Test(arguments: snapshotNames)
  func snapshotNamesAreReadAndWritten(text: String, name: MetadataSnapshotName) {
    #expect(MetadataSnapshotName(parsing: text) == name)
    #expect(name.description == text)
  }

  @Test(
    arguments: [
      "", "-", ".checkpoint", "-.checkpoint", "\(zeros).checkpoint", "\(zeros)-.checkpoint",
      "-0000000001.checkpoint", "\(zeros)0000000001.checkpoint", "\(zeros)-0000000001",
      "\(zeros)-0000000001.", "\(zeros)-0000000001.log", "\(zeros)-0000000001.Checkpoint",
      "\(zeros)-000000001.checkpoint", "\(zeros)-00000000001.checkpoint",
      "\(zeros)--000000001.checkpoint", "\(zeros)-+000000001.checkpoint",
      "\(zeros)-0000000001-.checkpoint", "-\(zeros)-0000000001.checkpoint",
      "0000000000000000000-0000000001.checkpoint", "000000000000000000000-0000000001.checkpoint",
      "09223372036854775808-0000000001.checkpoint", "\(zeros)-2147483648.checkpoint",
      "\(zeros)-9999999999.checkpoint", "\(zeros)-000000000٣.checkpoint",
      "\(zeros)-0000000001.checkpoint.", "\(zeros)-0000000001.checkpoint.swap",
      "\(zeros)-0000000001.checkpoint.part.deleted", "\(zeros)-0000000001.part",
      "\(zeros)-0000000001..checkpoint", "leader-epoch-checkpoint", "\(zeros).log",
    ])
  func strangersAreNoSnapshots(name: String) {
    #expect(MetadataSnapshotName(parsing: name) == nil)
  }

  // MARK: Partitions

  static let longest = String(repeating: "t", count: 249)

  static let partitions: [(String, String, Int32)] = [
    ("a-0", "a", 0), ("topic-17", "topic", 17), ("with-dash-3", "with-dash", 3),
    ("a--1", "a-", 1), ("--0", "-", 0), ("a-1-2", "a-1", 2), ("...-0", "...", 0),
    ("A.b_c-9.Z-2147483647", "A.b_c-9.Z", .max), ("__cluster_metadata-0", "__cluster_metadata", 0),
    ("\(longest)-10", longest, 10), ("0-0", "0", 0), ("a.log-0", "a.log", 0),
  ]

  @Test(arguments: partitions)
  func partitionsAreReadAndWritten(text: String, topic: String, number: Int32) throws {
    let partition = try #require(TopicPartition(topic: topic, partition: number))
    #expect(TopicPartition(parsing: text) == partition)
    #expect(partition.description == text)
    #expect(PartitionDirectoryName(parsing: text) == PartitionDirectoryName(partition))
    #expect(PartitionDirectoryName(partition).description == text)
  }

  static let noPartitions = [
    "", "-", "a", "a-", "-0", "a0", "a-b", "a-0x1", "a-1a", "a-1 ", "a- 1", "a-1.0", "a_0", "a-+1",
    // a second name of a partition that has one
    "a-00", "a-01", "a-007",
    "a-٣", "a-１", "a-2147483648", "a-4294967296", "a-99999999999999999999", "a-1\u{301}",
    ".-0", "..-0", "a/b-0", "/-0", "a b-0", "ö-0", "o\u{308}-0", "😀-0", "a\0-0", "a,b-0", "a:b-0",
    "\(longest)t-0", "remote-log-index-cache", "meta.properties", ".lock",
    "recovery-point-offset-checkpoint", "lost+found",
  ]

  @Test(arguments: noPartitions)
  func strangersAreNoPartitions(name: String) {
    #expect(TopicPartition(parsing: name) == nil)
    #expect(PartitionDirectoryName(parsing: name) == nil)
    #expect(PartitionDirectoryName(parsing: "\(name).\(Self.unique)-delete") == nil)
  }

  @Test(arguments: ["", ".", "..", "a/b", "ö", "a b", "\0", longest + "t"])
  func impossibleTopicsAreRefused(topic: String) {
    #expect(!TopicPartition.isTopic(topic))
    #expect(TopicPartition(topic: topic, partition: 0) == nil)
  }

  @Test func partitionsAreNumberedFromZero() {
    #expect(TopicPartition(topic: "a", partition: -1) == nil)
    #expect(TopicPartition(topic: "a", partition: .min) == nil)
  }

  // MARK: Fates

  static let unique = "0123456789abcdef0123456789abcdef"

  @Test(arguments: PartitionDirectoryName.Fate.allCases)
  func fatesAreReadAndWritten(fate: PartitionDirectoryName.Fate) throws {
    // Topics that look like fates themselves.
    for topic in ["a", "with-dash", "x.y", "a-0.\(Self.unique)-delete", "future"] {
      let partition = try #require(TopicPartition(topic: topic, partition: 3))
      let name = try #require(PartitionDirectoryName(partition, fate, unique: Self.unique))
      #expect(name.description == "\(topic)-3.\(Self.unique)-\(fate.rawValue)")
      #expect(PartitionDirectoryName(parsing: name.description) == name)
      #expect(name.topic == topic && name.partition == 3 && name.fate == fate)
    }
  }

  @Test(
    arguments: [
      "a-0.\(unique)", "a-0.\(unique)-", "a-0.\(unique)-Delete", "a-0.\(unique)-deleted",
      "a-0.\(unique)-move", "a-0.\(unique)delete", "a-0\(unique)-delete", "a-0-delete",
      "a-0.-delete", "a-0.0\(unique)-delete", "a-0.\(unique.dropLast())-delete",
      "a-0.\(unique.dropLast())g-delete", "a-0.\(unique.dropLast())é-delete", "-0.\(unique)-delete",
      "a.\(unique)-delete", "a-.\(unique)-delete", ".\(unique)-delete", "\(unique)-delete",
      "a-0.\(unique)-delete.\(unique)-stray", "a-0.01234567-89ab-cdef-0123-456789abcdef-delete",
    ])
  func strangersHaveNoFate(name: String) {
    #expect(PartitionDirectoryName(parsing: name) == nil)
  }

  @Test(
    arguments: [
      "", "0", unique + "0", unique.dropLast() + "g", "é" + unique.dropFirst(2), unique + "\n",
    ])
  func onlyHexadecimalDigitsTellNamesApart(unique: String) throws {
    let partition = try #require(TopicPartition(topic: "a", partition: 0))
    #expect(PartitionDirectoryName(partition, .delete, unique: unique) == nil)
  }

  /// A directory's name has 255 bytes. What is about to go can be shortened; what is to be the
  /// partition's directory cannot, because its topic is read from it.
  @Test(arguments: [0, 10, .max] as [Int32])
  func longTopicsAreCutWhereTheyMayBe(number: Int32) throws {
    let partition = try #require(TopicPartition(topic: Self.longest, partition: number))
    for fate in [PartitionDirectoryName.Fate.delete, .stray] {
      let name = try #require(PartitionDirectoryName(partition, fate, unique: Self.unique))
      #expect(name.description.utf8.count == 255)
      #expect(name.partition == number)
      #expect(Self.longest.hasPrefix(name.topic))
      #expect(PartitionDirectoryName(parsing: name.description) == name)
    }
    let future = try #require(PartitionDirectoryName(partition, .future, unique: Self.unique))
    #expect(future.topic == Self.longest)
    #expect(PartitionDirectoryName(parsing: future.description) == future)
  }
}
