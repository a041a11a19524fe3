/// Decides what may leave a log: by age, by size, or by whatever its author thinks right.
///
/// A policy is asked now and then with facts, and answers with actions. It does nothing itself, and keeps
/// nothing: the same facts must get the same answer, and once its actions have been carried out there must
/// be nothing more that it wants at that time. What it asks for is looked at before it is done: a policy
/// that is wrong can waste space, and never harms the log.
///
/// ```swift
/// /// Keeps no more than a million records.
/// struct LastMillion: CleanerPolicy {
///   func plan(_ view: CleanerView) -> [CleanerAction] {
///     view.deletion { $0.endOffset.distance(to: view.end) >= 1_000_000 }
///   }
/// }
/// ```
public protocol CleanerPolicy: Sendable {
  /// What is to be done, given what is there.
  ///
  /// - Throws: Anything: nothing is done then, the error is told to the log's observer, and the policy is
  ///   asked again later.
  func plan(_ view: CleanerView) throws -> [CleanerAction]

  /// The first offset that must stay, however little is free of the disk; nil where all may go that is
  /// not being written. Asked only of logs that allow it to be deleted from then:
  /// ``LogConfiguration/allowsEmergencyRetention``.
  func firstNeeded(in view: CleanerView) -> Offset?
}

extension CleanerPolicy {
  /// Nothing must stay.
  public func firstNeeded(in view: CleanerView) -> Offset? { nil }
}

/// Something that a policy can ask for.
public enum CleanerAction: Hashable, Sendable {
  /// Goes on in a new segment, so that the one that is being written can go as well.
  case roll
  /// Removes the segments whose records all lie below an offset. The log then starts with the first
  /// segment that is left.
  case delete(below: Offset)
  /// Keeps of the records below an offset the last one of each key alone.
  ///
  /// Records without a key go. A record without a value deletes its key, and goes itself once it has been
  /// there for so long after it was cleaned first. See ``CompactionPolicy``.
  case compact(below: Offset, deleteRetention: Duration)
}

extension CleanerAction: CustomStringConvertible {
  /// In words.
  public var description: String {
    switch self {
    case .roll: "roll"
    case .delete(let offset): "delete segments below \(offset)"
    case .compact(let offset, _): "compact segments below \(offset)"
    }
  }
}
