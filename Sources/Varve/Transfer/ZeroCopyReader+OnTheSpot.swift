internal import VarveSystem

// What goes out by one call, of a thread of the caller's: nothing is prepared for what comes after it.

extension ZeroCopyReader {
  /// Who sends, and thereby what is not to be waited for.
  enum Sender {
    /// A thread that may wait.
    case thread
    /// A thread that may wait for the device, but not for the receiver.
    case eventLoop
    /// A task, which must not hold up its thread.
    case task
  }

  /// What became of a send by one call.
  struct OnTheSpot {
    /// Of header and slice: 0 where it does not go so, and is to be sent in another way. That finds the same, and
    /// says what is wrong.
    var sentByteCount = 0
    /// Whether the descriptor then took no more. A blocking one has had all the time that it is given.
    var tookNoMore = false
  }

  /// Sends what a descriptor takes by one call.
  func sendOnTheSpot(_ send: SliceSend, _ sender: Sender) -> OnTheSpot {
    guard send.slice.file.fileSystem.hasKernelDescriptors,
      sender != .task || send.byteCount <= LogLimits.callerByteCount,
      let target = try? send.target.facts(wantsWaiting: sender == .eventLoop),
      sender != .eventLoop || target.isNonblocking,
      let way = TransferPlan.onTheSpot(
        transport, target, headerByteCount: send.header.count,
        sliceByteCount: send.slice.byteCount)
    else { return OnTheSpot() }
    let outcome = send.go(way, sender)
    guard outcome.sentByteCount > 0 else { return outcome }
    let count = outcome.sentByteCount - send.header.count
    if count > 0 {
      counts.add(count, by: way)
      log.meters.transfers.add(count, by: way)
    }
    send.progress?.note(sentByteCount: outcome.sentByteCount)
    return outcome
  }
}

extension SliceSend {
  /// Sends by one of the ways that take one call, unless that might wait for what it must not.
  fileprivate func go(
    _ way: TransferPlan.Rung, _ sender: ZeroCopyReader.Sender
  ) -> ZeroCopyReader.OnTheSpot {
    let (file, position) = (slice.file.descriptor, slice.position)
    // A copy waits for nothing by itself.
    if way != .copy, sender == .task {
      guard target.isNonblocking, file.isResident(position..<slice.endPosition) else {
        return ZeroCopyReader.OnTheSpot()
      }
    }
    // SAFETY: the array's own memory, within the closure.
    return unsafe header.withUnsafeBytes { header in
      guard way != .copy else {
        let sent = unsafe target.host.sendSmall(
          slice.byteCount, behind: header, from: file, at: position,
          mayWaitForDevice: sender != .task)
        return ZeroCopyReader.OnTheSpot(sentByteCount: sent)
      }
      let (sent, tookNoMore) = unsafe target.host.pass(
        min(slice.byteCount, LogLimits.callerByteCount), behind: header, from: file,
        at: position, bySplice: way == .splice, isSignalIgnored: target.isSignalIgnored)
      return ZeroCopyReader.OnTheSpot(sentByteCount: sent, tookNoMore: tookNoMore)
    }
  }
}
