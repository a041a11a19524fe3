internal import Synchronization

/// Which way bytes went, of all that a reader has sent.
public struct TransferStatistics: Hashable, Sendable {
  /// Bytes that the kernel sent from the file.
  public var sendfileByteCount: Int
  /// Bytes that went through a buffer of this process.
  public var copyByteCount: Int

  /// Bytes in all.
  public var byteCount: Int { sendfileByteCount + copyByteCount }
}

/// Counts for ``TransferStatistics``.
final class TransferCounts: Sendable {
  private let sendfileByteCount = Atomic<Int>(0)
  private let copyByteCount = Atomic<Int>(0)

  func add(_ byteCount: Int, by rung: TransferPlan.Rung) {
    switch rung {
    case .sendfile: sendfileByteCount.add(byteCount, ordering: .relaxed)
    case .copy: copyByteCount.add(byteCount, ordering: .relaxed)
    }
  }

  var statistics: TransferStatistics {
    TransferStatistics(
      sendfileByteCount: sendfileByteCount.load(ordering: .relaxed),
      copyByteCount: copyByteCount.load(ordering: .relaxed))
  }
}
