/// When a log brings records to the device that nobody waits for.
///
/// Whoever waits for records to be durable has them synced at once, whatever the policy.
public struct SyncPolicy: Hashable, Sendable {
  /// After so many records; nil for not by their number. `flush.messages`
  public var recordCount: Int?
  /// So long after a record was appended at the latest; nil for not by time. `flush.ms`
  public var interval: Duration?
  /// Whether a segment that is full is synced, beside the appends, before the next one gets its
  /// name. Where it is not, a power cut may take far more than the end of the log.
  public var atRoll: Bool

  /// Syncs by any of these rules.
  public init(recordCount: Int? = nil, interval: Duration? = nil, atRoll: Bool = true) {
    self.recordCount = recordCount
    self.interval = interval
    self.atRoll = atRoll
  }

  /// When a segment is full, beside the appends.
  public static let atRoll = SyncPolicy()
  /// When the kernel does, by itself. A clean close syncs all the same.
  public static let never = SyncPolicy(atRoll: false)
  /// After so many records, and when a segment is full.
  public static func every(recordCount: Int) -> SyncPolicy { SyncPolicy(recordCount: recordCount) }
  /// At least so often while records come, and when a segment is full.
  public static func every(_ interval: Duration) -> SyncPolicy { SyncPolicy(interval: interval) }
}
