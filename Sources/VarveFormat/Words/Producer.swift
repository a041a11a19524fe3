/// An idempotent producer as a batch names it: who it is, and in which of its lives.
public struct Producer: Hashable, Sendable {
  /// The producer's id, 0 or greater.
  public var id: Int64
  /// Raised each time that the producer starts again; an older life is fenced off.
  public var epoch: Int16

  /// Names a producer.
  public init(id: Int64, epoch: Int16) {
    self.id = id
    self.epoch = epoch
  }

  /// What stands in the header of a batch without a producer.
  @usableFromInline
  static let none = Producer(id: -1, epoch: -1)
}

extension Producer: CustomStringConvertible {
  /// Id and epoch.
  public var description: String { "\(id) epoch \(epoch)" }
}
