internal import VarveSystem

/// A slice on its way to a descriptor: how far it has come, and which way it goes.
///
/// One thread at a time has it. SIGPIPE is the concern of that thread: see ``withoutSIGPIPE(_:)``.
struct SliceSending: ~Copyable {
  let slice: LogSlice
  let descriptor: HostDescriptor
  let target: HostDescriptor.Facts
  private let counts: TransferCounts
  private let progress: TransferProgress?

  private(set) var sentByteCount: Int
  private var plan: TransferPlan
  /// Bytes that went by the rung of the plan.
  private var rungByteCount = 0
  private var window: CopyWindow?

  init(
    _ slice: LogSlice, from sentByteCount: Int, to descriptor: HostDescriptor,
    _ transport: ZeroCopyReader.Transport, _ counts: TransferCounts, _ progress: TransferProgress?
  ) throws(LogError) {
    guard (0...slice.byteCount).contains(sentByteCount) else {
      throw LogError(
        .invalidArgument, "\(sentByteCount) bytes cannot have been sent of \(slice.byteCount)")
    }
    let facts = TransferPlan.Facts(
      target: try Self.facts(of: descriptor),
      hasKernelDescriptors: slice.file.fileSystem.hasKernelDescriptors)
    let plan = try TransferPlan.choose(transport, facts)
    self.slice = slice
    self.descriptor = descriptor
    self.counts = counts
    self.progress = progress
    self.sentByteCount = sentByteCount
    self.plan = plan
    target = facts.target
  }

  private static func facts(
    of descriptor: HostDescriptor
  ) throws(LogError) -> HostDescriptor.Facts {
    do throws(SystemError) {
      return try descriptor.facts()
    } catch {
      throw LogError(error, "send to the descriptor \(descriptor.rawValue)")
    }
  }

  var isDone: Bool { sentByteCount == slice.byteCount }
}

// MARK: Going on

extension SliceSending {
  /// Sends more, at most so many bytes, and returns whether the descriptor took any: false where it
  /// is non-blocking and takes none now.
  mutating func advance(_ limit: Int) throws(LogError) -> Bool {
    let count: Int?
    do throws(SystemError) {
      count = try advanceOnce(min(limit, slice.byteCount - sentByteCount))
    } catch {
      guard
        let next = plan.fallingBack(after: error.errno, sentByteCount: rungByteCount)
      else { throw failure(error) }
      plan = next
      return try advance(limit)
    }
    guard let count else { return false }
    // Asked again, an ended file would end again, for ever.
    guard count > 0 else { throw slice.wasCut(after: sentByteCount) }
    sentByteCount += count
    rungByteCount += count
    counts.add(count, by: plan.rung)
    progress?.note(sentByteCount: sentByteCount)
    return true
  }

  /// Returns how many bytes were sent, 0 at the end of the file, nil where there is no room.
  private mutating func advanceOnce(_ limit: Int) throws(SystemError) -> Int? {
    let position = slice.position + sentByteCount
    switch plan.rung {
    case .sendfile:
      return try descriptor.sendfile(from: slice.file.descriptor, at: position, count: limit)
    case .copy:
      if window == nil { window = CopyWindow() }
      if window?.isEmpty == true {
        let rest = slice.byteCount - sentByteCount
        guard try window?.fill(from: slice.file, at: position, count: rest) == true else {
          return 0
        }
      }
      return try window?.send(to: descriptor, limit: limit) ?? nil
    }
  }

  /// How many bytes a blocking descriptor has room for once it says that it has any. A pipe has a
  /// page, and takes what lies in one page of the file into one of its own.
  var pieceByteCount: Int {
    switch target.kind {
    case .file: LogLimits.turnByteCount
    case .socket: LogLimits.blockingPieceByteCount
    case .pipe, .other:
      MemoryPage.byteCount - (slice.position + sentByteCount) % MemoryPage.byteCount
    }
  }
}

// MARK: Waiting

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
}

extension SliceSending {
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
  private func failure(_ error: SystemError) -> LogError {
    let detail = "\(error.errno.explanation), after \(sentByteCount) of \(slice.byteCount) bytes"
    return LogError(
      // To a file it is the device that takes too long, to a socket its peer.
      error.errno == .timedOut && target.kind == .socket ? .disconnected : error.errno.code,
      "could not send \(slice) to the descriptor \(descriptor.rawValue): \(detail)",
      systemCall: LogError.SystemCall(name: error.call.rawValue, errno: error.errno.rawValue))
  }

  /// The task that waited was cancelled, and nobody touches the descriptor any more.
  var cancellation: LogError {
    LogError(
      .cancelled,
      "the task that sent \(slice) was cancelled after \(sentByteCount) of \(slice.byteCount) bytes"
    )
  }
}
