internal import VarveSystem

extension Log {
  /// Appends batches of another replica of this log, byte for byte: with the offsets and the epochs
  /// that they have there.
  ///
  /// ```swift
  /// if let slice = try await ZeroCopyReader(leader).slice(from: .offset(follower.end)) {
  ///   try await follower.append(replicated: try await slice.bytes(), durability: .durable)
  /// }
  /// ```
  ///
  /// All are compared with their checksums and with each other before the first one is appended. They
  /// may leave gaps, as those of a compacted log do, and may be larger than this log's
  /// ``LogConfiguration/maximumBatchByteCount``: what the leader took, a follower takes. A batch at the
  /// end that is not whole is left out, since what was fetched may end anywhere.
  ///
  /// For a log that follows another one there should be no appends but these. It may be called from a task;
  /// the form with `durability:` holds no thread where this one would wait for a device.
  ///
  /// - Returns: Where the first one begins and the last one ends, gaps included.
  /// - Throws: ``LogError/Code/invalidArgument`` where they begin before the log's end, or are of an
  ///   epoch before its latest: then it has something that its leader has not, and is to be cut.
  ///   ``LogError/Code/corrupt`` where they are not whole, or not in order;
  ///   ``LogError/Code/unsupported`` for a gap of 2³¹ offsets and more. Where the first ones had been
  ///   appended before, ``LogError/appendedOffset`` says so, and ``end`` how far.
  @discardableResult
  public func append(replicated bytes: RawSpan) throws(LogError) -> AppendReceipt {
    let byteCount = try wholeByteCount(of: bytes)
    var receipt: AppendReceipt?
    var position = 0
    while position < byteCount {
      let header = try BatchHeader(parsing: bytes, at: position)
      let source = ReplicatedSource(
        bytes.slice(position, count: header.byteCount), header: header)
      do throws(LogError) {
        let next = try append(source)
        receipt = receipt.map { $0.joined(with: next) } ?? next
      } catch {
        throw error.behind(first: receipt)
      }
      position += header.byteCount
    }
    guard let receipt else { throw LogError(.invalidArgument, "there is no whole batch") }
    return receipt
  }

  /// The same, and returns once as much is true of the batches as was asked for.
  @discardableResult
  public func append(
    replicated bytes: [UInt8], durability: Durability
  ) async throws(LogError) -> AppendReceipt {
    // SAFETY: the bytes of an array of UInt8 are all initialized.
    let byteCount = try wholeByteCount(of: unsafe bytes.span.bytes)
    let cutCount = commits.cutCount
    var receipt: AppendReceipt?
    var position = 0
    while position < byteCount {
      let header = try BatchHeader(parsing: unsafe bytes.span.bytes, at: position)
      do throws(LogError) {
        let next = try await append { () throws(LogError) in
          try offer(
            ReplicatedSource(
              unsafe bytes.span.bytes.slice(position, count: header.byteCount), header: header))
        }
        receipt = receipt.map { $0.joined(with: next) } ?? next
      } catch {
        throw error.behind(first: receipt)
      }
      position += header.byteCount
    }
    guard let receipt else { throw LogError(.invalidArgument, "there is no whole batch") }
    return try await settle(receipt, durability, since: cutCount)
  }

  /// How many bytes there are of whole batches, each as it should be.
  private func wholeByteCount(of bytes: RawSpan) throws(LogError) -> Int {
    var chain = BatchChain(from: 0, continuity: .gapsAllowed)
    var header = BatchHeader.unread
    var position = 0
    while bytes.byteCount - position >= FormatLimits.batchHeaderByteCount {
      guard try chain.take(bytes, at: position, &header) else { break }
      position += header.byteCount
    }
    return position
  }

  private func append(_ source: borrowing ReplicatedSource) throws(LogError) -> AppendReceipt {
    while true {
      if let receipt = try finish(offer(source)) { return receipt }
    }
  }

  private func offer(_ source: borrowing ReplicatedSource) throws(LogError) -> Placement {
    let (placement, isNewReign) = try place(source)
    if isNewReign { saveEpochsSoon() }
    return placement
  }

  private func place(
    _ source: borrowing ReplicatedSource
  ) throws(LogError) -> (Placement, isNewReign: Bool) {
    // SAFETY: between acquire and release the state is this thread's.
    let state = unsafe tail.acquire()
    defer { tail.release() }
    let epoch = unsafe state.pointee.leaderEpoch
    let placement = try unsafe state.pointee.place(replicated: source, clock)
    guard case .placed = placement else { return (placement, false) }
    let isNewReign = source.header.leaderEpoch > epoch && epochs.note(source.header)
    if source.header.producer != nil {
      let marker = EndTransactionMarker.marker(of: BatchView(trusted: source.bytes))
      unsafe noteProducer(of: source.header, marker, &state.pointee)
    }
    publish(placement)
    return (placement, isNewReign)
  }
}

extension AppendReceipt {
  /// Of what was appended first, and of what came right behind.
  fileprivate func joined(with next: AppendReceipt) -> AppendReceipt {
    AppendReceipt(
      baseOffset: baseOffset, nextOffset: next.nextOffset,
      timestamp: max(timestamp, next.timestamp))
  }
}

extension LogError {
  /// The same error, of a call that had appended something before it failed.
  fileprivate func behind(first receipt: AppendReceipt?) -> LogError {
    guard let receipt else { return self }
    return LogError(
      code, "behind \(receipt.baseOffset)..<\(receipt.nextOffset), which were appended: \(message)",
      breach: breach, systemCall: systemCall, appendedOffset: receipt.baseOffset)
  }
}
