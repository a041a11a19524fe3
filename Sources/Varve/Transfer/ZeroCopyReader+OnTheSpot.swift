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

  /// Sends what a descriptor takes by one call, and returns how many bytes of header and slice went out: 0
  /// where it does not go so, and is to be sent in another way. That finds the same, and says what is wrong.
  func sendOnTheSpot(_ send: SliceSend, _ sender: Sender) -> Int {
    guard send.slice.file.fileSystem.hasKernelDescriptors,
      sender != .task || send.byteCount <= LogLimits.callerByteCount,
      let target = try? send.target.facts(wantsWaiting: sender == .eventLoop),
      sender != .eventLoop || target.isNonblocking,
      let way = TransferPlan.onTheSpot(
        transport, target, headerByteCount: send.header.count,
        sliceByteCount: send.slice.byteCount)
    else { return 0 }
    let sent = send.go(way, sender)
    guard sent > 0 else { return 0 }
    let count = sent - send.header.count
    if count > 0 {
      counts.add(count, by: way)
      log.meters.transfers.add(count, by: way)
    }
    send.progress?.note(sentByteCount: sent)
    return sent
  }
}

extension SliceSend {
  /// Sends by one of the ways that take one call, unless that might wait for what it must not.
  fileprivate func go(_ way: TransferPlan.Rung, _ sender: ZeroCopyReader.Sender) -> Int {
    let (file, position) = (slice.file.descriptor, slice.position)
    // A copy waits for nothing by itself.
    if way != .copy, sender == .task {
      guard target.isNonblocking, file.isResident(position..<slice.endPosition) else { return 0 }
    }
    // SAFETY: the array's own memory, within the closure.
    return unsafe header.withUnsafeBytes { header in
      way == .copy
        ? unsafe target.host.sendSmall(
          slice.byteCount, behind: header, from: file, at: position,
          mayWaitForDevice: sender != .task)
        : unsafe target.host.pass(
          min(slice.byteCount, LogLimits.callerByteCount), behind: header, from: file,
          at: position, bySplice: way == .splice, isSignalIgnored: target.isSignalIgnored)
    }
  }
}
