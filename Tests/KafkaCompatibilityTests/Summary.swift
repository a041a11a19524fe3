import Foundation

/// What Kafka says of a log that it opened: a `summary.json`.
struct Summary: Decodable, Sendable {
  let logStartOffset: Int64
  let logEndOffset: Int64
  let segments: [Segment]
  let leaderEpochs: [LeaderEpoch]
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
