internal import Synchronization
internal import VarveSystem

extension Log {
  /// Nothing more is appended, or becomes durable: a sync has failed, and what memory holds of the
  /// log may not be what the device holds, and never will be.
  ///
  /// Readers are taken back to what was durable before: what lies behind may be gone after the next
  /// opening, and nobody should have acted on it.
  func poison(_ error: SystemError) {
    let refusal = LogError(
      .poisoned, "a sync failed (\(error.errno.explanation)); open the log again",
      systemCall: LogError.SystemCall(name: error.call.rawValue, errno: error.errno.rawValue))
    let isClosing = tail.withLock { tail in
      tail.refuse(refusal)
      return tail.refusal?.code == .closed
    }
    // A close that fails leaves all as it is, and the next opening writes once more what is not durable.
    guard commits.fail(refusal), !isClosing else { return }
    takeBack(to: commits.durable)
    endWaits(refusal)
    // Where that cannot be written either, the next opening finds out what it can.
    try? sideFile?.update { $0.state = .poisoned }
    tell(.poisoned(refusal))
  }

  /// Whether a sync has failed: then nothing gets its final form any more.
  ///
  /// A log that is being closed refuses appends for that, whatever comes after it; and one may be
  /// poisoned of which no sync has failed, by a write that could not be taken back.
  func checkPoison() throws(LogError) {
    for error in [commits.failure, tail.withLock { $0.refusal }] {
      if let error, error.code == .poisoned { throw error }
    }
  }

  private func takeBack(to mark: DurableMark) {
    let gone = tail.withLock { _ in
      let gone = table.cut(to: mark)
      publishedEnd.store(mark.offset.rawValue, ordering: .sequentiallyConsistent)
      return gone
    }
    boundHighWatermark()
    // What this log does not know any more, it does not close when it goes.
    runtime.segments.forget(gone)
  }
}
