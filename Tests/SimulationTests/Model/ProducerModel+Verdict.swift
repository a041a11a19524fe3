import Varve

/// What a log must say to a batch or a marker of a producer's.
enum ExpectedVerdict: Hashable {
  case accepted
  /// It is there already.
  case duplicate(ProducerModel.Entry)
  /// It is there already, and may be too old for that to be known.
  case duplicateOrTooOld(ProducerModel.Entry)
  case refused(LogError.Code)
}

// Kafka's rules for a leader, once more.

extension ProducerModel {
  /// How many batches of a producer a log remembers.
  private static let rememberedCount = 5

  func verdict(_ entry: Entry) -> ExpectedVerdict {
    guard let state = state(of: entry.producer.id) else { return .accepted }
    if let marker = entry.marker { return verdict(marker, entry.producer, state) }
    if let original = state.original(of: entry, among: Self.rememberedCount) {
      let isSure = original.baseOffset >= recalledFrom || original == state.batches.last
      return isSure ? .duplicate(original) : .duplicateOrTooOld(original)
    }
    guard entry.producer.epoch >= state.epoch else { return .refused(.fenced) }
    let next = entry.producer.epoch == state.epoch ? state.nextSequence : 0
    guard entry.baseSequence == next else { return .refused(.outOfOrder) }
    guard entry.isTransactional || state.openSince == nil else {
      return .refused(.invalidArgument)
    }
    return .accepted
  }

  private func verdict(
    _ marker: EndTransactionMarker, _ producer: Producer, _ state: State
  ) -> ExpectedVerdict {
    let isFenced =
      producer.epoch < state.epoch || marker.coordinatorEpoch < state.coordinatorEpoch ?? .min
    return isFenced ? .refused(.fenced) : .accepted
  }
}

extension ProducerModel.State {
  /// The batch with the same numbers, among the last ones.
  fileprivate func original(
    of entry: ProducerModel.Entry, among count: Int
  ) -> ProducerModel.Entry? {
    guard entry.producer.epoch == epoch else { return nil }
    return batches.suffix(count).last {
      $0.baseSequence == entry.baseSequence && $0.count == entry.count
    }
  }
}
