/// The control record that ends a producer's transaction, for better or worse.
public struct EndTransactionMarker: Hashable, Sendable {
  /// Whether the transaction's records count.
  public enum Outcome: Hashable, Sendable {
    /// They do not.
    case aborted
    /// They do.
    case committed
  }

  /// Whether the transaction's records count.
  public var outcome: Outcome

  /// Which reign of the transaction coordinator said so; an older one is fenced off.
  public var coordinatorEpoch: Int32

  /// A marker.
  public init(_ outcome: Outcome, coordinatorEpoch: Int32) {
    self.outcome = outcome
    self.coordinatorEpoch = coordinatorEpoch
  }
}

extension EndTransactionMarker {
  /// Bytes of the value that Varve writes: version 0 and the coordinator's epoch.
  static let valueByteCount = 6

  /// Reads a marker, or nil where the control record is none.
  ///
  /// Later versions of the value are read by what they share with version 0.
  public init?(_ record: borrowing RecordView) throws(LogError) {
    switch try ControlRecordType(of: record) {
    case .abort: outcome = .aborted
    case .commit: outcome = .committed
    default: return nil
    }
    guard let value = record.value, value.byteCount >= Self.valueByteCount,
      value.bigEndian(at: 0, as: Int16.self) >= 0
    else {
      throw .breach(.endTransactionValue, atByte: record.position(of: record.layout.value))
    }
    coordinatorEpoch = value.bigEndian(at: 2)
  }

  /// Reads the marker of a control batch, which holds one record; nil where the batch is another's,
  /// or compaction has emptied it.
  ///
  /// - Throws: ``LogError/Code/corrupt`` with the rule, the byte and the record.
  public init?(of batch: borrowing BatchView) throws(LogError) {
    guard batch.header.isControl else { return nil }
    var records = try batch.records.makeIterator()
    guard let record = records.next() else { return nil }
    try self.init(record)
  }

  /// The marker's key.
  var encodedKey: [UInt8] { [0, 0, 0, outcome == .committed ? 1 : 0] }

  /// The marker's value.
  var encodedValue: [UInt8] {
    [0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: coordinatorEpoch >> (24 - 8 * $0)) }
  }
}
