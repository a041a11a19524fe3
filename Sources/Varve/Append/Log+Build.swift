internal import Synchronization
internal import VarveSystem

extension Log {
  /// Appends a batch that is built where it will lie: nothing is allocated, and nothing copied but
  /// keys and values.
  ///
  /// ```swift
  /// let payload: [UInt8] = …
  /// try log.append(reserving: 4096) { batch in
  ///   try batch.append(key: nil, value: payload.span.bytes, timestamp: now)
  /// }
  /// ```
  ///
  /// Other appends wait while the batch is built, so do nothing there that takes long, and do not
  /// call the log. Where `build` throws, nothing was appended, and its error is thrown on.
  ///
  /// - Parameters:
  ///   - byteCount: The most that the batch may take, header included.
  ///   - build: Appends one or more records, with their times.
  @discardableResult
  public func append(
    reserving byteCount: Int, _ build: (inout RecordBatchWriter) throws -> Void
  ) throws -> AppendReceipt {
    try admit(byteCount: byteCount)
    guard byteCount > FormatLimits.batchHeaderByteCount else {
      throw LogError(.invalidArgument, "no batch fits into \(byteCount) bytes")
    }
    while true {
      let placement = try place(reserving: byteCount, build)
      if let receipt = try finish(placement) { return receipt }
    }
  }

  private func place(
    reserving byteCount: Int, _ build: (inout RecordBatchWriter) throws -> Void
  ) throws -> Placement {
    // SAFETY: between acquire and release the state is this thread's.
    let state = unsafe tail.acquire()
    defer { tail.release() }
    let placement = try unsafe state.pointee.place(reserving: byteCount, clock, build)
    publish(placement)
    return placement
  }
}

extension TailState {
  /// Has a batch built at the end of the log, or in the room for batches on their way there, and
  /// publishes it.
  mutating func place(
    reserving byteCount: Int, _ clock: borrowing TailClock,
    _ build: (inout RecordBatchWriter) throws -> Void
  ) throws -> Placement {
    if let refusal { throw refusal }
    let now = clock.now
    // As many offsets as there can be records, since it is not known yet how many there will be.
    let most = Int64(byteCount / FormatLimits.minimumRecordByteCount)
    if let missing = try rollIfNeeded(
      byteCount: byteCount, lastOffsetDelta: most, now, clock)
    {
      return missing
    }
    let isMapped = position &+ byteCount <= mappedEnd
    guard isMapped || file != nil else { return .needsFile }
    let room =
      isMapped
      ? unsafe memory.unsafelyUnwrapped + position : unsafe staging.reserve(byteCount)
    if isMapped { unsafe StoreGuard.arm(room, byteCount: byteCount) }
    let header: BatchHeader
    do {
      header = try unsafe write(to: room, byteCount, now, build)
    } catch {
      // What was built lies where the next batch will: a shorter one would leave some of it.
      if isMapped { unsafe room.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount) }
      if StoreGuard.disarm() > 0 { try giveUpMapping() }
      throw error
    }
    let memory = unsafe UnsafeRawBufferPointer(start: room, count: header.byteCount)
    if isMapped {
      if StoreGuard.disarm() > 0 { try unsafe rescue(memory) }
    } else if let file {
      try unsafe write(memory, to: file)
    }
    noteFirst(header.maxTimestamp)
    return commit(
      end: position &+ header.byteCount, lastOffset: header.lastOffset.rawValue,
      header.maxTimestamp, header.checksum)
  }

  private func write(
    to room: UnsafeMutableRawPointer, _ byteCount: Int, _ now: Timestamp,
    _ build: (inout RecordBatchWriter) throws -> Void
  ) throws -> BatchHeader {
    var options = BatchOptions()
    options.baseOffset = Offset(rawValue: nextOffset)
    options.leaderEpoch = leaderEpoch
    options.appendTime = rules.isAppendTime ? now : nil
    // SAFETY: the memory is there for `byteCount` bytes, and the span ends with this function.
    let span = unsafe MutableRawSpan(
      _unsafeStart: room, byteCount: byteCount)
    var writer = try RecordBatchWriter(into: span, options)
    writer.announce()
    try build(&writer)
    // Before it is whole: from then on a kill would leave it to be found.
    guard writer.isContiguous else {
      throw LogError(.invalidArgument, "an appended batch numbers its records one by one")
    }
    let written = writer.finish()
    return try unsafe BatchHeader(
      parsing: RawSpan(_unsafeStart: UnsafeRawPointer(room), byteCount: byteCount), at: 0,
      ofWritten: written)
  }

  /// A store hit a page that is not to be had. What was built lies in memory, partly in pages of
  /// nobody's file: it is copied out, and if it is what was built, written by a call.
  private mutating func rescue(_ built: UnsafeRawBufferPointer) throws {
    let copy = unsafe staging.reserve(built.count)
    unsafe StoreGuard.arm(
      UnsafeMutableRawPointer(mutating: built.baseAddress.unsafelyUnwrapped),
      byteCount: built.count)
    unsafe copy.copyMemory(from: built.baseAddress.unsafelyUnwrapped, byteCount: built.count)
    _ = StoreGuard.disarm()
    let bytes = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(copy), byteCount: built.count)
    try giveUpMapping()
    try BatchView(unverified: bytes).checkIntegrity()
    if let file {
      try unsafe write(UnsafeRawBufferPointer(start: copy, count: built.count), to: file)
    }
  }
}

extension BatchHeader {
  /// The header of a batch that has just been written, if one was.
  fileprivate init(
    parsing bytes: RawSpan, at position: Int, ofWritten byteCount: Int
  ) throws(LogError) {
    guard byteCount > 0 else { throw LogError(.invalidArgument, "there is no empty batch") }
    try self.init(parsing: bytes, at: position)
  }
}
