import Foundation
import Varve

/// What has happened, and is never undone. What did not come about is an event, too: a client that asks
/// again gets the same answer, and its numbers have no gap.
enum Event: Codable, Equatable {
  case deposited(amount: Int64, account: String)
  case withdrawn(amount: Int64, account: String)
  case transferred(amount: Int64, from: String, to: String)
  case declined(reason: String)
}

extension Event {
  /// Reads an event that a record holds.
  init(_ record: Record, at offset: Offset) throws {
    do {
      self = try JSONDecoder().decode(Event.self, from: Data(record.value ?? []))
    } catch {
      throw LogError(.corrupt, "the record at \(offset) is no event: \(error)")
    }
  }

  /// A batch of this event alone, with the number that its client gave to the command.
  func batch(of client: Int64, number: Int32) throws -> RecordBatch {
    let options = BatchOptions(
      producer: Producer(id: client, epoch: 0), baseSequence: SequenceNumber(rawValue: number))
    var builder = try RecordBatchBuilder(options)
    try builder.append(Record(value: Array(JSONEncoder().encode(self))))
    guard let batch = builder.finish() else {
      throw LogError(.invalidArgument, "a batch without an event")
    }
    return batch
  }
}

extension Event: CustomStringConvertible {
  var description: String {
    switch self {
    case .deposited(let amount, let account): "deposited \(amount) to \(account)"
    case .withdrawn(let amount, let account): "withdrew \(amount) from \(account)"
    case .transferred(let amount, let from, let to): "transferred \(amount) from \(from) to \(to)"
    case .declined(let reason): "declined: \(reason)"
    }
  }
}
