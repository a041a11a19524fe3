internal import VarveSystem

/// A slice on its way to a descriptor, behind a header of the caller's: how far it has come, and which
/// way it goes.
///
/// One thread at a time has it. SIGPIPE is the concern of that thread: see ``withoutSIGPIPE(_:)``.
struct SliceSending: ~Copyable {
  let slice: LogSlice
  let header: [UInt8]
  let descriptor: HostDescriptor
  let target: HostDescriptor.Facts
  let reader: ZeroCopyReader
  private let progress: TransferProgress?

  /// Of header and slice together.
  private(set) var sentByteCount: Int
  var plan: TransferPlan {
    didSet { if plan.rung != oldValue.rung { rungByteCount = 0 } }
  }
  /// Bytes that went by the rung of the plan.
  private(set) var rungByteCount = 0
  /// Whether a ring did not do.
  private(set) var hasLeftRing = false
  /// Whether bytes of it had to be waited for: then the next ones will have to be, too.
  var isCold = false
  var window: CopyWindow?
  var loan: PipeLoan?

  /// - Parameter mayWait: Whether the thread that sends may wait for the receiver, and need not know
  ///   whether calls will.
  init(
    _ send: SliceSend, from sentByteCount: Int, by reader: ZeroCopyReader, mayWait: Bool = false
  ) throws(LogError) {
    let byteCount = send.byteCount
    guard (0...byteCount).contains(sentByteCount) else {
      throw LogError(
        .invalidArgument, "\(sentByteCount) bytes cannot have been sent of \(byteCount)")
    }
    let facts = TransferPlan.Facts(
      target: try send.target.facts(wantsWaiting: !mayWait),
      hasKernelDescriptors: send.slice.file.fileSystem.hasKernelDescriptors,
      byteCount: byteCount)
    if facts.target.kind == .file, facts.hasKernelDescriptors { try send.checkForOtherFile() }
    let plan = try TransferPlan.choose(reader.transport, facts)
    slice = send.slice
    header = send.header
    progress = send.progress
    descriptor = send.target.host
    self.reader = reader
    self.sentByteCount = sentByteCount
    self.plan = plan
    target = facts.target
  }
}

extension SliceSend {
  /// Published bytes never change, and where they lie nothing is sent to.
  fileprivate func checkForOtherFile() throws(LogError) {
    // What cannot be asked cannot be sent to either, and the call that sends says why.
    guard (try? target.host.isSameFile(as: slice.file.descriptor)) == true else { return }
    throw LogError(.invalidArgument, "the descriptor \(descriptor) is the file of \(slice) itself")
  }
}

// MARK: How far it is

extension SliceSending {
  var byteCount: Int { header.count + slice.byteCount }
  var holdsPipe: Bool { loan != nil }
  var isDone: Bool { sentByteCount == byteCount }
  /// Whether the header has been sent.
  var isInSlice: Bool { sentByteCount >= header.count }
  /// Where the next byte lies in the segment's file.
  var position: Int { slice.position + max(0, sentByteCount - header.count) }
  /// Bytes of the slice that are still to be sent.
  var restByteCount: Int { slice.endPosition - position }

  /// So many bytes have gone to the descriptor.
  mutating func note(sent count: Int) {
    if isInSlice {
      rungByteCount += count
      reader.counts.add(count, by: plan.rung)
      reader.log.meters.transfers.add(count, by: plan.rung)
    }
    sentByteCount += count
    progress?.note(sentByteCount: sentByteCount)
  }
}

// MARK: Going on

extension SliceSending {
  /// Sends more, at most so many bytes, and returns whether the descriptor took any: false where it
  /// is non-blocking and takes none now.
  mutating func advance(_ limit: Int) throws(LogError) -> Bool {
    let count: Int?
    do throws(SystemError) {
      count = isInSlice ? try advanceInSlice(limit) : try advanceInHeader(limit)
    } catch {
      try fallBack(after: error)
      return try advance(limit)
    }
    guard let count else { return false }
    // Asked again, an ended file would end again, for ever.
    guard count > 0 else { throw wasCut }
    note(sent: count)
    return true
  }

  /// Sends until all is sent, or the descriptor takes no more now.
  mutating func advanceWhileThereIsRoom() throws(LogError) {
    while !isDone, try advance(LogLimits.turnByteCount) {}
  }

  /// Has another rung go on.
  ///
  /// - Throws: What the failure means, where it stands.
  mutating func fallBack(after error: SystemError) throws(LogError) {
    guard
      let next = plan.fallingBack(
        reader.transport, after: error.errno, sentByteCount: rungByteCount)
    else { throw failure(error) }
    loan = nil
    if plan.rung == .ring { hasLeftRing = true }
    plan = next
  }

  private func advanceInHeader(_ limit: Int) throws(SystemError) -> Int? {
    let piece = header[sentByteCount...].prefix(limit)
    var result: Result<Int?, SystemError> = .success(0)
    let moreFollows = piece.endIndex < header.count || slice.byteCount > 0
    // SAFETY: the array's own memory, within the closure. It cannot throw typed.
    unsafe piece.withUnsafeBytes { memory in
      do throws(SystemError) {
        result = .success(try unsafe descriptor.send(memory, moreFollows: moreFollows))
      } catch {
        result = .failure(error)
      }
    }
    return try result.get()
  }

  /// Returns how many bytes were sent, 0 at the end of the file, nil where there is no room.
  private mutating func advanceInSlice(_ limit: Int) throws(SystemError) -> Int? {
    let count = min(limit, restByteCount)
    let file = slice.file.descriptor
    switch plan.rung {
    case .sendfile: return try descriptor.sendfile(from: file, at: position, count: count)
    case .fileRange: return try descriptor.copyRange(from: file, at: position, count: count)
    case .ring, .splice: return try advanceThroughPipe(count)
    case .copy: return try advanceThroughWindow(count)
    }
  }

  private mutating func advanceThroughWindow(_ limit: Int) throws(SystemError) -> Int? {
    if window == nil { window = CopyWindow() }
    if window?.isEmpty == true {
      let (file, position, count) = (slice.file, position, restByteCount)
      guard try window?.fill(from: file, at: position, count: count) == true else { return 0 }
    }
    return try window?.send(to: descriptor, limit: limit) ?? nil
  }

  private mutating func advanceThroughPipe(_ limit: Int) throws(SystemError) -> Int? {
    let file = slice.file.descriptor
    // A pipe is what pages are put into anyway.
    guard target.kind != .pipe else {
      return try descriptor.splice(from: file, at: position, count: limit)
    }
    if loan == nil { loan = try reader.pipes.take() }
    if loan?.pipe.byteCount == 0 {
      let (position, count) = (position, restByteCount)
      guard try loan?.pipe.fill(from: file, at: position, count: count) != 0 else { return 0 }
    }
    return try loan?.pipe.send(to: descriptor, limit: limit) ?? nil
  }

  mutating func giveUpPipeIfRare() {
    guard holdsPipe else { return }
    if reader.pipes.isExhausted { loan = nil }
  }

  /// How many bytes a blocking descriptor has room for once it says that it has any. A pipe has a
  /// page, and takes what lies in one page of the file into one of its own.
  var pieceByteCount: Int {
    switch target.kind {
    case .file: LogLimits.turnByteCount
    case .socket: LogLimits.blockingPieceByteCount
    default:
      isInSlice ? MemoryPage.byteCount - position % MemoryPage.byteCount : MemoryPage.byteCount
    }
  }
}
