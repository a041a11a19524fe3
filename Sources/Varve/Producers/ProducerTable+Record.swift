extension ProducerTable {
  /// Takes note of a batch that is in the log, whatever it says: it was looked at when it was appended
  /// first, by this log or by its leader, and what others have forgotten may be missing here.
  ///
  /// - Parameter now: When it was appended; none where that was before.
  @inline(__always)
  mutating func record(_ batch: ProducedBatch, at slot: Int?, now: Timestamp = .none) {
    guard let slot, !batch.isTransactional, states[slot].goesOn(in: batch.producer.epoch) else {
      return recordAny(batch, at: slot, now: now)
    }
    goOn(with: batch, at: slot, now: now)
  }

  @inline(never)
  private mutating func recordAny(_ batch: ProducedBatch, at slot: Int?, now: Timestamp) {
    let timestamp = batch.timestamp.rawValue
    let slot = slot ?? add(ProducerState(batch.producer, at: timestamp))
    var state = states[slot]
    takeOver(batch.producer.epoch, &state)
    remember(batch.remembered, of: &state)
    state.hear(batch.timestamp, now: now)
    if batch.isTransactional, !state.hasOpenTransaction {
      state.transactionStart = batch.baseOffset.rawValue
      open(OpenTransaction(producerID: state.id, firstOffset: batch.baseOffset))
    }
    set(state, at: slot)
  }

  /// Takes note of a marker that is in the log. One without a transaction ends none, and is heard all the
  /// same: it may fence an earlier life of its producer off.
  ///
  /// - Returns: The transaction that it ends, if one was open.
  @discardableResult
  mutating func record(
    _ marker: ProducedMarker, at slot: Int?, now: Timestamp = .none
  ) -> EndedTransaction? {
    let timestamp = marker.timestamp.rawValue
    let slot = slot ?? add(ProducerState(marker.producer, at: timestamp))
    var state = states[slot]
    takeOver(marker.producer.epoch, &state)
    state.coordinatorEpoch = marker.marker.coordinatorEpoch
    state.hear(marker.timestamp, now: now)
    let start = state.transactionStart
    state.transactionStart = -1
    set(state, at: slot)
    guard start >= 0 else { return nil }
    return end(Offset(rawValue: start), by: marker)
  }

  /// Takes note of a batch of the log, marker or not.
  ///
  /// - Parameter marker: What a control batch says; nil for another's, or one that has been emptied.
  @discardableResult
  mutating func record(
    _ header: BatchHeader, marker: EndTransactionMarker?
  ) -> EndedTransaction? {
    guard let producer = header.producer else { return nil }
    let slot = slot(of: producer.id)
    if let batch = ProducedBatch(header) {
      record(batch, at: slot)
      return nil
    }
    guard let marker else { return nil }
    return record(
      ProducedMarker(
        producer: producer, marker: marker, offset: header.baseOffset,
        timestamp: header.maxTimestamp), at: slot)
  }

  private mutating func takeOver(_ epoch: Int16, _ state: inout ProducerState) {
    guard epoch != state.epoch else { return }
    state.epoch = epoch
    forgetBatches(&state)
  }
}
