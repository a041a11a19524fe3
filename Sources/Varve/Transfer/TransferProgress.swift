internal import Synchronization

/// How far a send has come: to be looked at while it lasts, and after it ended early.
///
/// A send that is given the progress of one that ended early goes on where that one stopped, if it
/// is of the same slice and to the same receiver.
public final class TransferProgress: Sendable {
  private let count: Atomic<Int>

  /// Nothing has been sent yet.
  public init() { count = Atomic(0) }

  /// How many bytes have gone to the descriptor, of the header and the slice together.
  public var sentByteCount: Int { count.load(ordering: .acquiring) }

  func note(sentByteCount: Int) { count.store(sentByteCount, ordering: .releasing) }
}
