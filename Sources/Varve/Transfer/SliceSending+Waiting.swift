internal import VarveSystem

extension SliceSending {
  /// Sends all that is left, on a thread that may wait for the receiver.
  mutating func finish() throws(LogError) {
    var waitedForNothing = false
    while !isDone {
      if try advance(LogLimits.turnByteCount) {
        waitedForNothing = false
      } else {
        try wait(forNothing: waitedForNothing)
        waitedForNothing = true
      }
    }
  }

  /// Waits until the descriptor takes bytes.
  ///
  /// - Parameter wasForNothing: Whether the last wait said so, and it did not: a socket to which
  ///   something else has happened is ready at once, again and again.
  private func wait(forNothing wasForNothing: Bool) throws(LogError) {
    try checkForTimeLimit()
    do throws(SystemError) {
      if wasForNothing { try PollSet.pause(milliseconds: LogLimits.fruitlessMilliseconds) }
      _ = try descriptor.waitUntilWritable(milliseconds: nil)
    } catch {
      throw failure(error)
    }
  }

  /// Whether a blocking descriptor has room, or is broken.
  func hasRoom() throws(LogError) -> Bool {
    // Without memory to ask with, nothing is known, and it is waited for.
    guard let finding = try? PollSet.finding(writable: descriptor) else { return false }
    return try takes(after: finding)
  }

  /// The same by what was found.
  func takes(after finding: PollFinding) throws(LogError) -> Bool {
    do throws(SystemError) {
      return try descriptor.takes(after: finding)
    } catch {
      throw failure(error)
    }
  }

  /// To be called where a descriptor took nothing. A blocking one does not say that, unless the host
  /// has set it a time limit, which has come.
  func checkForTimeLimit() throws(LogError) {
    do throws(SystemError) {
      guard try descriptor.isNonblocking() else { throw SystemError(.send, .again) }
    } catch {
      throw failure(error)
    }
  }
}

// MARK: Failing

extension SliceSending {
  func failure(_ error: SystemError) -> LogError {
    let detail = "\(error.errno.explanation), after \(sentByteCount) of \(byteCount) bytes"
    return LogError(
      // To a file it is the device that takes too long, to a socket its peer.
      error.errno == .timedOut && target.kind == .socket ? .disconnected : error.errno.code,
      "could not send \(slice) to the descriptor \(descriptor.rawValue): \(detail)",
      systemCall: LogError.SystemCall(name: error.call.rawValue, errno: error.errno.rawValue))
  }

  /// There are fewer bytes than there were.
  var wasCut: LogError { slice.wasCut(after: position - slice.position) }

  /// The task that waited was cancelled, and nobody touches the descriptor any more.
  var cancellation: LogError {
    LogError(
      .cancelled,
      "the task that sent \(slice) was cancelled after \(sentByteCount) of \(byteCount) bytes")
  }
}
