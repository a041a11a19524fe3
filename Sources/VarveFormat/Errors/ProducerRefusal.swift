/// Why a log does not take what an idempotent producer, or the coordinator of its transactions, sent.
public enum ProducerRefusal: String, Hashable, Sendable, CaseIterable {
  /// The producer has started again since: its later life has a greater epoch.
  case producerFenced
  /// The coordinator of transactions has been followed by another one, with a greater epoch.
  case coordinatorFenced
  /// Records are missing between the last one of the producer's and these, or a new life does not
  /// begin at 0.
  case sequenceGap
  /// The records come before the last ones of the producer's, and are none of the last five batches,
  /// which are remembered: they were appended long ago.
  case sequenceTooOld
  /// The producer has a transaction open, and the records are in none.
  case transactionIsOpen
  /// Nobody can be forgotten for another producer: all have transactions open.
  case tooManyProducers
}

extension ProducerRefusal {
  /// The kind of failure that this is.
  package var code: LogError.Code {
    switch self {
    case .producerFenced, .coordinatorFenced: .fenced
    case .sequenceGap, .sequenceTooOld: .outOfOrder
    case .transactionIsOpen: .invalidArgument
    case .tooManyProducers: .full
    }
  }

  /// The reason in words.
  public var explanation: String {
    switch self {
    case .producerFenced: "a later life of the producer has been heard of"
    case .coordinatorFenced: "a later transaction coordinator has been heard of"
    case .sequenceGap: "records of the producer before these are missing"
    case .sequenceTooOld: "the records come before the last ones that are remembered"
    case .transactionIsOpen: "the producer has a transaction open, and the records are in none"
    case .tooManyProducers: "as many producers as may be have transactions open"
    }
  }
}
