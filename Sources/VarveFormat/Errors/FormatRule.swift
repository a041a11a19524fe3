/// The rules that bytes must keep, one name each, so that a refusal can say which one was broken.
public enum FormatRule: String, CaseIterable, Hashable, Sendable {
  // What any batch keeps.
  case batchIsComplete, batchLength, magic, checksum
  case baseOffset, lastOffsetDelta, recordCount, codec, controlBatchIsPlain, compressedStream

  // What any record keeps.
  case recordIsComplete, recordLength, varint
  case keyLength, valueLength, headerCount, headerKeyLength, headerValueLength
  case recordIsFilled, batchIsFilled, offsetDelta

  // What control records keep.
  case controlKey, endTransactionValue

  // What a batch keeps towards the one before it.
  case offsetsIncrease, offsetsAreContiguous, leaderEpochsIncrease

  // What a batch keeps besides when a producer sent it.
  case producedBaseOffset, producedRecordCount, producedOffsetDelta, producedControl
  case producedDeleteHorizon, producedTimestamp, producer, transactional

  // What index files keep.
  case indexLength, indexOrder, indexRange
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

  package var code: LogError.Code { bindsProducersOnly ? .invalidArgument : .corrupt }

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
    }
  }
}
