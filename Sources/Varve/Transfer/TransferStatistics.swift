internal import Synchronization

/// Which way bytes of the log went, of all that a reader has sent.
public struct TransferStatistics: Hashable, Sendable {
  /// Bytes that `sendfile` sent from the file.
  public var sendfileByteCount = 0
  /// Bytes that went by io_uring.
  public var ringByteCount = 0
  /// Bytes that went by `splice` on a thread of this process.
  public var spliceByteCount = 0
  /// Bytes that `copy_file_range` brought to files.
  public var fileRangeByteCount = 0
  /// Bytes that went through a buffer of this process.
  public var copyByteCount = 0

  /// Nothing has been sent yet.
  public init() {}

  /// Bytes in all.
  public var byteCount: Int {
    sendfileByteCount + ringByteCount + spliceByteCount + fileRangeByteCount + copyByteCount
  }
}

/// Counts for ``TransferStatistics``.
final class TransferCounts: Sendable {
  private let sendfile = Atomic<Int>(0)
  private let ring = Atomic<Int>(0)
  private let splice = Atomic<Int>(0)
  private let fileRange = Atomic<Int>(0)
  private let copy = Atomic<Int>(0)

  func add(_ byteCount: Int, by rung: TransferPlan.Rung) {
    switch rung {
    case .sendfile: sendfile.add(byteCount, ordering: .relaxed)
    case .ring: ring.add(byteCount, ordering: .relaxed)
    case .splice: splice.add(byteCount, ordering: .relaxed)
    case .fileRange: fileRange.add(byteCount, ordering: .relaxed)
    case .copy: copy.add(byteCount, ordering: .relaxed)
    }
  }

  var statistics: TransferStatistics {
    var statistics = TransferStatistics()
    statistics.sendfileByteCount = sendfile.load(ordering: .relaxed)
    statistics.ringByteCount = ring.load(ordering: .relaxed)
    statistics.spliceByteCount = splice.load(ordering: .relaxed)
    statistics.fileRangeByteCount = fileRange.load(ordering: .relaxed)
    statistics.copyByteCount = copy.load(ordering: .relaxed)
    return statistics
  }
}
