import Foundation

/// What Kafka says of a log that it opened: a `summary.json`.
struct Summary: Decodable, Sendable {
  let logStartOffset: Int64
  let logEndOffset: Int64
  let lastStableOffset: Int64
  let segments: [Segment]
  let leaderEpochs: [LeaderEpoch]
  let abortedTxns: [AbortedTxn]
  let activeProducers: [ActiveProducer]
  let timestampQueries: [TimestampQuery]

  struct Segment: Decodable, Equatable, Sendable {
    let baseOffset: Int64
    let size: Int
    let nextOffset: Int64
    /// What Kafka takes from the last entry of the time index, where there is one.
    var maxTimestamp: Int64
  }

  struct LeaderEpoch: Decodable, Equatable, Sendable {
    let epoch: Int32
    let startOffset: Int64
  }

  struct AbortedTxn: Decodable, Sendable {
    let producerId: Int64
    let firstOffset: Int64
    let lastOffset: Int64
    let lastStableOffset: Int64
  }

  struct ActiveProducer: Decodable, Sendable {
    let producerId: Int64
    let producerEpoch: Int16
    let coordinatorEpoch: Int32
    let lastTimestamp: Int64
    let currentTxnFirstOffset: Int64
    let lastSeq: Int32
    let lastDataOffset: Int64
    let lastOffsetDelta: Int32
  }

  struct TimestampQuery: Decodable, Sendable {
    let target: Int64
    let timestamp: Int64
    let offset: Int64
    let leaderEpoch: Int32
  }

  static func read(_ path: String) throws -> Summary {
    try JSONDecoder().decode(Summary.self, from: Data(contentsOf: FixtureArchive.url(path)))
  }
}
