import Varve

/// What a producer does. Which batch that is follows from what it has sent before, and from what the log
/// has of that.
enum ProducerDeed: Sendable, CustomStringConvertible {
  /// It sends the batch that is next: the first one that the log has not, if there is any, or a new one
  /// with values of so many bytes.
  case send([Int], isTransactional: Bool, ProducedForm)
  /// It sends its so-and-so-many-th last batch again, whatever became of that.
  case again(back: Int, ProducedForm)
  /// The coordinator ends its transaction, perhaps in the name of a later life.
  case end(EndTransactionMarker, fences: Bool)
  /// It begins another life.
  case restart
  /// An earlier life of it sends something.
  case late
  /// It sends a batch and has left one out.
  case gap

  var description: String {
    switch self {
    case .send(let sizes, let isTransactional, let form):
      "send \(form) \(sizes)\(isTransactional ? ", in a transaction" : "")"
    case .again(let count, let form): "send again \(form), \(count) back"
    case .end(let marker, let fences):
      "\(marker.outcome) by coordinator \(marker.coordinatorEpoch)\(fences ? ", and fenced" : "")"
    case .restart: "restart"
    case .late: "send late"
    case .gap: "leave one out"
    }
  }
}

/// The ways into a log for batches that are numbered.
enum ProducedForm: Sendable, CaseIterable {
  /// A batch that was built before.
  case batch
  /// The bytes of a batch as a producer sends them.
  case produced
  /// A batch, and waits until it is on the disk.
  case durable
}
