/// What a log asks of each record that it takes in: a key, perhaps, and a time that is not too far from
/// its own. Kafka's rules for a leader's append.
struct RecordAdmission {
  let requiresKeys: Bool
  /// Kafka's window around now; nil where the log's own time counts, or any does.
  let window: ClosedRange<Timestamp>?
  /// Whether the log gives records their times.
  let isLogTime: Bool

  init(_ configuration: LogConfiguration, now: Timestamp) {
    requiresKeys = configuration.requiresKeys
    isLogTime = configuration.timestampType == .appendTime
    window = isLogTime || !configuration.limitsTimestamps ? nil : configuration.window(around: now)
  }

  /// What is wrong with a record; nil if nothing is.
  ///
  /// - Parameter claimsLogTime: Whether its batch says that its times are a log's.
  func objection(
    hasKey: Bool, timestamp: Timestamp, claimsLogTime: Bool = false
  ) -> RecordRejection.Reason? {
    if requiresKeys, !hasKey { return .keyIsMissing }
    // A record without a time is within every window, and has none that could be the log's.
    if claimsLogTime, isLogTime || timestamp == .none { return .timeIsNotTheLogs }
    guard let window, timestamp != .none else { return nil }
    if timestamp < window.lowerBound { return .isTooOld(timestamp) }
    return timestamp > window.upperBound ? .isTooEarly(timestamp) : nil
  }

  /// Whether each record of a batch must be looked at, or what its header says of all is enough.
  func mustLookInto(_ header: BatchHeader) -> Bool {
    if requiresKeys || header.timestampType == .appendTime { return true }
    guard let window else { return false }
    // The header says nothing of the oldest record.
    return window.lowerBound > .none || header.maxTimestamp > window.upperBound
  }
}

extension LogConfiguration {
  /// Whether there is anything that a record can be refused for.
  var limitsRecords: Bool { requiresKeys || limitsTimestamps }

  var limitsTimestamps: Bool { maximumTimestampAge != nil || maximumTimestampLead != nil }

  /// As far as the limits are from a time. What would lie beyond all times is no limit.
  func window(around now: Timestamp) -> ClosedRange<Timestamp> {
    let oldest = maximumTimestampAge.map {
      now.rawValue.subtractingReportingOverflow($0.milliseconds)
    }
    let newest = maximumTimestampLead.map { now.rawValue.addingReportingOverflow($0.milliseconds) }
    let lower = oldest.flatMap { $0.overflow ? nil : $0.partialValue } ?? Timestamp.none.rawValue
    let upper = newest.flatMap { $0.overflow ? nil : $0.partialValue } ?? .max
    return Timestamp(rawValue: min(lower, upper))...Timestamp(rawValue: upper)
  }
}
