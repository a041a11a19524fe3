internal import Synchronization
internal import VarveSystem

// What producers number, and how their transactions end. It is checked and taken note of under the lock
// under which it is appended; appends of others know nothing of it.

extension Log {
  /// Appends the marker that ends a producer's transaction, as the coordinator of transactions has
  /// decided. From then on it is known of the transaction's records whether they count.
  ///
  /// - Parameters:
  ///   - marker: Whether they do, and in which reign of the coordinator that was decided.
  ///   - producer: Whose transaction it is. A greater epoch than that of its records begins another
  ///     life of the producer.
  /// - Throws: ``LogError/Code/fenced`` where a later life of the producer, or a later coordinator, has
  ///   been heard of, and as ``append(_:)-(Record)``.
  @discardableResult
  public func appendTransactionMarker(
    _ marker: EndTransactionMarker, of producer: Producer
  ) throws(LogError) -> AppendReceipt {
    while true {
      if let receipt = try finish(offer(marker, of: producer)) { return receipt }
    }
  }

  /// Attempts to append such a marker.
  func offer(
    _ marker: EndTransactionMarker, of producer: Producer
  ) throws(LogError) -> Placement {
    let batch = try RecordBatch(marker, by: producer, at: clock.now)
    return try place(EncodedSource(batch.bytes, header: batch.header), marker, of: producer)
  }

  /// Attempts to append a batch that a producer has numbered, unless it is there already.
  func offerProduced(
    _ source: borrowing EncodedSource, _ header: BatchHeader
  ) throws(LogError) -> Placement {
    guard let batch = ProducedBatch(header), batch.producer.epoch >= 0,
      batch.firstSequence.rawValue >= 0
    else {
      throw LogError(.invalidArgument, "a producer with an id has an epoch and numbers its records")
    }
    return try place(source, batch)
  }

  /// Inlined, as what it calls for nearly every batch: what a batch says would be handed on in memory, and
  /// to load at once what was just stored in parts makes a processor wait.
  @inline(__always)
  private func place(
    _ source: borrowing EncodedSource, _ batch: ProducedBatch
  ) throws(LogError) -> Placement {
    // SAFETY: between acquire and release the state is this thread's.
    let state = unsafe tail.acquire()
    defer { tail.release() }
    if let refusal = unsafe state.pointee.refusal { throw refusal }
    let slot = unsafe state.pointee.producers.slot(of: batch.producer.id)
    switch unsafe state.pointee.producers.check(batch, at: slot) {
    case .accept: break
    case .duplicate(let original):
      return .placed(original.receipt, needsMaintenance: false)
    case .refuse(let refusal): throw LogError(refusal, batch)
    }
    let placement = try unsafe state.pointee.place(source, clock)
    guard case .placed(let receipt, _) = placement else { return placement }
    var placed = batch
    (placed.baseOffset, placed.timestamp) = (receipt.baseOffset, receipt.timestamp)
    unsafe state.pointee.producers.record(placed, at: slot, now: clock.now)
    if batch.isTransactional { unsafe publishStability(of: state.pointee.producers) }
    publish(placement)
    return placement
  }

  private func place(
    _ source: borrowing EncodedSource, _ marker: EndTransactionMarker, of producer: Producer
  ) throws(LogError) -> Placement {
    // SAFETY: between acquire and release the state is this thread's.
    let state = unsafe tail.acquire()
    defer { tail.release() }
    if let refusal = unsafe state.pointee.refusal { throw refusal }
    var placed = ProducedMarker(producer: producer, marker: marker, offset: 0, timestamp: .none)
    let slot = unsafe state.pointee.producers.slot(of: producer.id)
    if let refusal = unsafe state.pointee.producers.refusal(of: placed, at: slot) {
      throw LogError(refusal, producer, "a marker of coordinator epoch \(marker.coordinatorEpoch)")
    }
    let placement = try unsafe state.pointee.place(source, clock)
    guard case .placed(let receipt, _) = placement else { return placement }
    (placed.offset, placed.timestamp) = (receipt.baseOffset, receipt.timestamp)
    let ended = unsafe state.pointee.producers.record(placed, at: slot, now: clock.now)
    if let ended { unsafe note(ended, &state.pointee) }
    publish(placement)
    return placement
  }

  /// Takes note of a transaction that has ended, before anybody may read beyond its begin.
  func note(_ ended: EndedTransaction, _ state: inout TailState) {
    if let transaction = ended.aborted {
      state.aborted.append(transaction)
      aborted.append(transaction, in: state.segment.baseOffset)
    }
    // A log without replicas is its own high watermark.
    if !watermark.isKnown { state.producers.forgetEnded(below: ended.lastOffset.advanced(by: 1)) }
    publishStability(of: state.producers)
  }

  /// Takes note that the high watermark has moved: what has ended below it has for all replicas.
  func settleTransactions() {
    tail.withLock { tail in
      tail.producers.forgetEnded(below: highWatermark)
      publishStability(of: tail.producers)
    }
  }

  /// Tells the first offset that is not stable, under the lock, and before the end that includes it.
  func publishStability(of producers: borrowing ProducerTable) {
    let first = producers.firstUnstableOffset(
      highWatermark: watermark.isKnown ? highWatermark : .maximum)
    firstUnstable.store(first?.rawValue ?? .max, ordering: .sequentiallyConsistent)
  }
}

extension Offset {
  /// Behind all that there can be.
  static let maximum = Offset(rawValue: .max)
}

extension LogError {
  @inline(never)
  fileprivate init(_ refusal: ProducerRefusal, _ batch: ProducedBatch) {
    self.init(refusal, batch.producer, "records from \(batch.firstSequence) on")
  }

  fileprivate init(_ refusal: ProducerRefusal, _ producer: Producer, _ what: String) {
    self.init(
      refusal.code, "\(refusal.explanation): producer \(producer), \(what)", refusal: refusal)
  }
}
