/// The name of a snapshot of Kafka's own metadata log: `<20 digits>-<10 digits>.checkpoint`.
///
/// Varve neither reads nor writes such files, but must know them to leave them alone.
public struct MetadataSnapshotName: Hashable, Sendable {
  /// What becomes of the file.
  public enum Transition: String, CaseIterable, Sendable, Hashable {
    /// It is still being written.
    case part
    /// It is about to be removed.
    case deleted
  }

  /// Up to which offset the snapshot reaches, which it does not contain.
  public var endOffset: Offset
  /// The epoch of its last record.
  public var epoch: LeaderEpoch
  /// What becomes of it, if anything.
  public var transition: Transition?

  static let epochDigitCount = 10
  static let suffix = "checkpoint"

  /// A name.
  public init(endOffset: Offset, epoch: LeaderEpoch, transition: Transition? = nil) {
    self.endOffset = endOffset
    self.epoch = epoch
    self.transition = transition
  }

  /// Reads a name; nil where it is none.
  public init?(parsing name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts[1] == Self.suffix else { return nil }
    let numbers = parts[0].split(separator: "-", omittingEmptySubsequences: false)
    guard numbers.count == 2, let endOffset = Offset(digits: numbers[0].utf8.span),
      let epoch = Offset.number(numbers[1].utf8.span, digitCount: Self.epochDigitCount)
        .flatMap(Int32.init(exactly:))
    else { return nil }
    self.init(endOffset: endOffset, epoch: LeaderEpoch(rawValue: epoch))
    guard parts.count == 3 else { return }
    guard let transition = Transition(rawValue: String(parts[2])) else { return nil }
    self.transition = transition
  }
}

extension MetadataSnapshotName: CustomStringConvertible {
  /// The name itself.
  public var description: String {
    let epoch = Offset.padded(Int64(epoch.rawValue), to: Self.epochDigitCount)
    let name = endOffset.digits + "-" + epoch + "." + Self.suffix
    return transition.map { name + "." + $0.rawValue } ?? name
  }
}
