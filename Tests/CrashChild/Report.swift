import Varve

/// An append that has returned.
struct Acknowledgement: Hashable, Sendable {
  var thread: Int
  /// Which one of this thread's, from 0.
  var serial: Int
  var offset: Offset
}

/// A batch that a follower has seen.
struct SeenBatch: Hashable, Sendable {
  var baseOffset: Offset
  var recordCount: Int32
  /// CRC-32C of all its bytes, header included.
  var checksum: UInt32
}

/// What a child tells while it lives.
enum Report: Hashable, Sendable {
  /// It begins to open the log.
  case opening
  /// The log is open, and ends there.
  case opened(end: Offset)
  /// Opening has found a crash, and cut so many bytes.
  case recovered(cutByteCount: Int)
  /// The log has gone on in a new segment, and the old one is sealed.
  case rolled(to: Offset)
  case acknowledged(Acknowledgement)
  case seen(SeenBatch)
  /// The log is going to be cleaned.
  case cleaning
  /// It has been: so many segments have gone, and so many have come for them.
  case cleaned(segmentCount: Int, writtenCount: Int)
  /// The child was told to end, and begins to close the log.
  case closing
  /// The log is closed.
  case finished
}

// MARK: Bytes

extension Report {
  /// Far below what a pipe takes in one piece, so that reports of several threads do not mix.
  static let byteCount = 24

  /// A kind and a small number, and two numbers.
  private init?(kind: Int64, small: Int64, _ first: Int64, _ second: Int64) {
    switch kind {
    case 1: self = .opening
    case 2: self = .opened(end: Offset(rawValue: first))
    case 3: self = .recovered(cutByteCount: Int(first))
    case 4: self = .rolled(to: Offset(rawValue: first))
    case 5:
      self = .acknowledged(
        Acknowledgement(
          thread: Int(small), serial: Int(first), offset: Offset(rawValue: second)))
    case 6:
      self = .seen(
        SeenBatch(
          baseOffset: Offset(rawValue: first),
          recordCount: Int32(truncatingIfNeeded: small),
          checksum: UInt32(truncatingIfNeeded: second)))
    case 7: self = .closing
    case 8: self = .finished
    case 9: self = .cleaned(segmentCount: Int(first), writtenCount: Int(second))
    case 10: self = .cleaning
    default: return nil
    }
  }

  private var parts: (kind: Int64, small: Int64, first: Int64, second: Int64) {
    switch self {
    case .opening: (1, 0, 0, 0)
    case .opened(let end): (2, 0, end.rawValue, 0)
    case .recovered(let count): (3, 0, Int64(count), 0)
    case .rolled(let base): (4, 0, base.rawValue, 0)
    case .acknowledged(let append):
      (5, Int64(append.thread), Int64(append.serial), append.offset.rawValue)
    case .seen(let batch):
      (6, Int64(batch.recordCount), batch.baseOffset.rawValue, Int64(batch.checksum))
    case .closing: (7, 0, 0, 0)
    case .finished: (8, 0, 0, 0)
    case .cleaned(let count, let written): (9, 0, Int64(count), Int64(written))
    case .cleaning: (10, 0, 0, 0)
    }
  }

  init?(_ triple: Triple) {
    self.init(
      kind: triple.first >> 32, small: triple.first & 0xffff_ffff, triple.second, triple.third)
  }

  var triple: Triple { Triple(parts.kind << 32 | parts.small, parts.first, parts.second) }
}
