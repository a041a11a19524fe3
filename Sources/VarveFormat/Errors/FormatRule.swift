/// The rules that bytes must keep, one name each, so that a refusal can say which one was broken.
public enum FormatRule: String, CaseIterable, Hashable, Sendable {
  // What any batch keeps.

  /// A batch has 61 bytes of header, and all that its length says.
  case batchIsComplete
  /// A batch's length field counts at least the 49 bytes of an empty batch.
  case batchLength
  /// A batch's format version is 2.
  case magic
  /// The CRC-32C in the header is that of the batch from byte 21 on.
  case checksum
  /// Offsets are 0 or greater, and the last one can be followed by another.
  case baseOffset
  /// The last offset is not below the first.
  case lastOffsetDelta
  /// There are 0 records or more, and no more than offsets.
  case recordCount
  /// The codec is 0 to 4.
  case codec
  /// Control batches are not compressed.
  case controlBatchIsPlain
  /// Compressed records are what their codec writes, from start to end.
  case compressedStream

  // What any record keeps.

  /// A batch holds as many records as its header says.
  case recordIsComplete
  /// A record's length is 0 or greater and within its batch.
  case recordLength
  /// A variable-length number ends within its record, and in 5 or 10 bytes.
  case varint
  /// A key ends within its record.
  case keyLength
  /// A value ends within its record.
  case valueLength
  /// Headers are counted, 0 or more, and fit into their record.
  case headerCount
  /// A header's key is not null and ends within its record.
  case headerKeyLength
  /// A header's value ends within its record.
  case headerValueLength
  /// A record ends where its length says.
  case recordIsFilled
  /// A batch ends with its last record.
  case batchIsFilled
  /// Offsets increase from record to record, within those of the batch.
  case offsetDelta

  // What control records keep.

  /// A control record's key has 4 bytes or more and a version of 0 or greater.
  case controlKey
  /// A transaction marker's value has 6 bytes or more.
  case endTransactionValue

  // What a batch keeps towards the one before it.

  /// A batch begins after the last offset of the batch before it.
  case offsetsIncrease
  /// A batch begins right after the batch before it.
  case offsetsAreContiguous
  /// Leader epochs do not go back.
  case leaderEpochsIncrease

  // What a batch keeps besides when a producer sent it.

  /// A producer numbers its batch from 0.
  case producedBaseOffset
  /// A producer sends at least one record, and one for each offset.
  case producedRecordCount
  /// A producer numbers its records 0, 1, 2 and so on.
  case producedOffsetDelta
  /// A producer does not send control records.
  case producedControl
  /// A producer does not set a delete horizon.
  case producedDeleteHorizon
  /// A timestamp is 0 or greater, or -1 for none.
  case producedTimestamp
  /// A producer with an id has an epoch and numbers its records.
  case producer
  /// A transaction belongs to a producer with an id.
  case transactional

  // What index files keep.

  /// An index file holds whole entries.
  case indexLength
  /// Index entries increase.
  case indexOrder
  /// An index entry lies within its segment.
  case indexRange

  // What the small files keep.

  /// A file has a version that is known.
  case fileVersion
  /// A snapshot has 10 bytes of header, and all entries that it counts.
  case snapshotIsComplete
  /// The CRC-32C in a snapshot is that of its bytes from byte 6 on.
  case snapshotChecksum
  /// A snapshot ends with its last entry.
  case snapshotIsFilled
  /// A line of a checkpoint has as many fields as it should, and each is right.
  case checkpointLine
  /// A checkpoint has as many lines as it says.
  case checkpointCount
  /// A line is not longer than any that is written.
  case lineLength
  /// A partition's metadata is a version and a topic's id.
  case partitionMetadata
  /// An id is 16 bytes in 22 digits of URL-safe base64, and not all zeros.
  case uniqueID
  /// A property's `\u` is followed by four hexadecimal digits.
  case propertyEscape
  /// The properties of a log directory say who it belongs to.
  case metaProperty

  // What messages of before format version 2 keep.

  /// A message has all bytes that its length says.
  case messageIsComplete
  /// A message's length counts at least the bytes of one without key and value.
  case messageLength
  /// The CRC-32 of a message is that of its bytes from byte 16 on.
  case messageChecksum
  /// The codec of a message is 0 to 3.
  case messageCodec
  /// The offsets within a compressed message increase, up to its own.
  case messageOffset
  /// A compressed message holds plain messages of its own version, one or more.
  case messageSet
}

extension FormatRule {
  /// Whether it is the producer who broke it, on bytes that arrived as they were sent.
  ///
  /// Such a batch is refused as an invalid argument; all else is damage.
  public var bindsProducersOnly: Bool {
    switch self {
    case .producedBaseOffset, .producedRecordCount, .producedOffsetDelta, .producedControl,
      .producedDeleteHorizon, .producedTimestamp, .producer, .transactional:
      true
    default: false
    }
  }

  package var code: LogError.Code {
    // Whoever wrote a later version knew what it meant: it is not damage, and not to be replaced.
    if self == .fileVersion { return .unsupported }
    return bindsProducersOnly ? .invalidArgument : .corrupt
  }

  /// The rule in words.
  public var explanation: String {
    switch self {
    case .batchIsComplete: "a batch has 61 bytes of header, and all that its length says"
    case .batchLength: "a batch's length field counts at least the 49 bytes of an empty batch"
    case .magic: "a batch's format version is 2"
    case .checksum: "the CRC-32C in the header is that of the batch from byte 21 on"
    case .baseOffset: "offsets are 0 or greater, and the last one can be followed by another"
    case .lastOffsetDelta: "the last offset is not below the first"
    case .recordCount: "there are 0 records or more, and no more than offsets"
    case .codec: "the codec is 0 to 4"
    case .controlBatchIsPlain: "control batches are not compressed"
    case .compressedStream: "compressed records are what their codec writes, from start to end"

    case .recordIsComplete: "a batch holds as many records as its header says"
    case .recordLength: "a record's length is 0 or greater and within its batch"
    case .varint: "a variable-length number ends within its record, and in 5 or 10 bytes"
    case .keyLength: "a key ends within its record"
    case .valueLength: "a value ends within its record"
    case .headerCount: "headers are counted, 0 or more, and fit into their record"
    case .headerKeyLength: "a header's key is not null and ends within its record"
    case .headerValueLength: "a header's value ends within its record"
    case .recordIsFilled: "a record ends where its length says"
    case .batchIsFilled: "a batch ends with its last record"
    case .offsetDelta: "offsets increase from record to record, within those of the batch"

    case .controlKey: "a control record's key has 4 bytes or more and a version of 0 or greater"
    case .endTransactionValue: "a transaction marker's value has 6 bytes or more"

    case .offsetsIncrease: "a batch begins after the last offset of the batch before it"
    case .offsetsAreContiguous: "a batch begins right after the batch before it"
    case .leaderEpochsIncrease: "leader epochs do not go back"

    case .producedBaseOffset: "a producer numbers its batch from 0"
    case .producedRecordCount: "a producer sends at least one record, and one for each offset"
    case .producedOffsetDelta: "a producer numbers its records 0, 1, 2 and so on"
    case .producedControl: "a producer does not send control records"
    case .producedDeleteHorizon: "a producer does not set a delete horizon"
    case .producedTimestamp: "a timestamp is 0 or greater, or -1 for none"
    case .producer: "a producer with an id has an epoch and numbers its records"
    case .transactional: "a transaction belongs to a producer with an id"

    case .indexLength: "an index file holds whole entries"
    case .indexOrder: "index entries increase"
    case .indexRange: "an index entry lies within its segment"

    case .fileVersion: "a file has a version that is known"
    case .snapshotIsComplete: "a snapshot has 10 bytes of header, and all entries that it counts"
    case .snapshotChecksum: "the CRC-32C in a snapshot is that of its bytes from byte 6 on"
    case .snapshotIsFilled: "a snapshot ends with its last entry"
    case .checkpointLine:
      "a line of a checkpoint has as many fields as it should, and each is right"
    case .checkpointCount: "a checkpoint has as many lines as it says"
    case .lineLength: "a line is not longer than any that is written"
    case .partitionMetadata: "a partition's metadata is a version and a topic's id"
    case .uniqueID: "an id is 16 bytes in 22 digits of URL-safe base64, and not all zeros"
    case .propertyEscape: "a property's \\u is followed by four hexadecimal digits"
    case .metaProperty: "the properties of a log directory say who it belongs to"

    case .messageIsComplete: "a message has all bytes that its length says"
    case .messageLength: "a message's length counts at least the bytes of one without key and value"
    case .messageChecksum: "the CRC-32 of a message is that of its bytes from byte 16 on"
    case .messageCodec: "the codec of a message is 0 to 3"
    case .messageOffset: "the offsets within a compressed message increase, up to its own"
    case .messageSet: "a compressed message holds plain messages of its own version, one or more"
    }
  }
}
