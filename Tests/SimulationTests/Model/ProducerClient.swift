import Varve

/// A producer as it knows itself: what it has sent in this life, whatever became of that.
struct ProducerClient {
  /// A batch, as it is sent, again if need be.
  struct Sent {
    var records: [Record]
    var baseSequence: SequenceNumber
    var isTransactional: Bool

    var nextSequence: SequenceNumber { baseSequence.advanced(by: Int32(records.count)) }
  }

  let id: Int64
  private(set) var epoch: Int16 = 0
  private(set) var sent: [Sent] = []

  static let count = 4

  init(id: Int64) { self.id = id }

  var producer: Producer { Producer(id: id, epoch: epoch) }

  /// One of them comes around the ring of numbers.
  private var firstSequence: SequenceNumber {
    id == 2 && epoch == 0 ? SequenceNumber(rawValue: .max - 9) : 0
  }

  /// Begins another life.
  mutating func restart(in epoch: Int16) { (self.epoch, sent) = (epoch, []) }

  mutating func send(_ batch: Sent) { sent.append(batch) }

  /// The batch that the log must have next, if it was sent before: the log has lost it, or the producer
  /// has not heard of it.
  func unheard(by state: ProducerModel.State?) -> Sent? {
    guard let next = nextSequence(state) else { return sent.first }
    return sent.first { $0.baseSequence == next }
  }

  /// The number that is next for a log; nil for any.
  func nextSequence(_ state: ProducerModel.State?) -> SequenceNumber? {
    state.map { $0.epoch == epoch ? $0.nextSequence : 0 }
  }

  /// The number of a batch that was never sent.
  func freshSequence(_ state: ProducerModel.State?) -> SequenceNumber {
    nextSequence(state) ?? firstSequence
  }
}
