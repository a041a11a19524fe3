/// What a control record says to readers of the log, by its key.
public enum ControlRecordType: Hashable, Sendable {
  /// A transaction was aborted.
  case abort
  /// A transaction was committed.
  case commit
  /// Kafka's controllers chose a leader.
  case leaderChange
  /// A snapshot of Kafka's metadata begins.
  case snapshotHeader
  /// A snapshot of Kafka's metadata ends.
  case snapshotFooter
  /// The version of Kafka's consensus protocol.
  case kraftVersion
  /// The voters of Kafka's consensus protocol.
  case kraftVoters
  /// A type that came after this version of Varve: to be passed over.
  case unknown(Int16)

  /// The number that stands in a control record's key.
  public var rawValue: Int16 {
    switch self {
    case .abort: 0
    case .commit: 1
    case .leaderChange: 2
    case .snapshotHeader: 3
    case .snapshotFooter: 4
    case .kraftVersion: 5
    case .kraftVoters: 6
    case .unknown(let value): value
    }
  }

  /// The type that a number stands for.
  public init(rawValue: Int16) {
    self =
      switch rawValue {
      case 0: .abort
      case 1: .commit
      case 2: .leaderChange
      case 3: .snapshotHeader
      case 4: .snapshotFooter
      case 5: .kraftVersion
      case 6: .kraftVoters
      default: .unknown(rawValue)
      }
  }
}

extension ControlRecordType {
  /// Bytes of the key that Varve writes: version 0 and the type.
  static let keyByteCount = 4

  /// Reads the type from a control record's key.
  ///
  /// Later versions of the key are read by what they share with version 0.
  public init(of record: borrowing RecordView) throws(LogError) {
    guard let key = record.key, key.byteCount >= Self.keyByteCount,
      key.bigEndian(at: 0, as: Int16.self) >= 0
    else { throw .breach(.controlKey, atByte: record.position(of: record.layout.key)) }
    self.init(rawValue: key.bigEndian(at: 2))
  }
}
