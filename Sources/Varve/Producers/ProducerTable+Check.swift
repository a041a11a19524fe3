/// What becomes of a batch that a producer has sent.
enum ProducerVerdict: Hashable, Sendable {
  case accept
  /// It was sent before, and lies there.
  case duplicate(of: RememberedBatch)
  case refuse(ProducerRefusal)
}

// What a leader asks of producers, by the rules of Kafka's. What has been taken in once, and comes from
// a leader or from the log itself, is not asked for anything: see ``record(_:at:)``.

extension ProducerTable {
  /// Whether a batch is the next one of its producer's.
  ///
  /// - Parameter slot: The producer's.
  @inline(__always)
  func check(_ batch: ProducedBatch, at slot: Int?) -> ProducerVerdict {
    guard let slot else {
      // Of a producer of whom nothing is known, or not any more, any number may be the next one.
      return hasRoom ? .accept : .refuse(.tooManyProducers)
    }
    // The next one is looked at first, for mostly it is that; it cannot be remembered as well.
    if states[slot].isNext(batch) { return .accept }
    return checkClosely(batch, at: slot)
  }

  @inline(never)
  private func checkClosely(_ batch: ProducedBatch, at slot: Int) -> ProducerVerdict {
    let state = states[slot]
    guard let refusal = state.refusal(of: batch) else { return .accept }
    if batch.producer.epoch == state.epoch, let original = remembered(batch, of: state) {
      return .duplicate(of: original)
    }
    return .refuse(refusal)
  }

  /// Why a marker may not be appended, if it may not.
  func refusal(of marker: ProducedMarker, at slot: Int?) -> ProducerRefusal? {
    guard let slot else { return hasRoom ? nil : .tooManyProducers }
    let state = states[slot]
    if marker.producer.epoch < state.epoch { return .producerFenced }
    if marker.marker.coordinatorEpoch < state.coordinatorEpoch { return .coordinatorFenced }
    return nil
  }

  @inline(never)
  private var hasRoom: Bool { count < maximumCount || longestSilent != nil }
}

extension ProducerState {
  /// Whether a batch of no transaction is the next one of this life.
  @inline(__always)
  fileprivate func isNext(_ batch: ProducedBatch) -> Bool {
    batch.producer.epoch == epoch && batch.firstSequence == nextSequence && !hasOpenTransaction
  }

  fileprivate func refusal(of batch: ProducedBatch) -> ProducerRefusal? {
    guard batch.producer.epoch >= epoch else { return .producerFenced }
    let expected = batch.producer.epoch == epoch ? nextSequence : 0
    guard batch.firstSequence == expected else {
      return batch.firstSequence.isBefore(expected) && hasBatch && batch.producer.epoch == epoch
        ? .sequenceTooOld : .sequenceGap
    }
    guard !hasOpenTransaction || batch.isTransactional else { return .transactionIsOpen }
    return nil
  }
}

extension SequenceNumber {
  /// Whether the number is nearer behind than ahead, on the ring that they form.
  fileprivate func isBefore(_ other: SequenceNumber) -> Bool {
    (rawValue &- other.rawValue) & Int32.max > Int32.max / 2
  }
}
