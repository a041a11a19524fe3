import Foundation
import Varve

/// What a child tells its parent, a line each.
enum SoakReport: Hashable, Sendable {
  /// The store is open.
  case opened
  /// A log of a topic of this id ends there, as its appender was told.
  case appended(TopicPartition, UniqueID, Offset)
  case creating(TopicPartition)
  case deleting(TopicPartition)
  case deleted(TopicPartition)
  case committed(TopicPartition, Offset)
  /// So many batches were seen by tails.
  case tailed(Int)
  /// So many bytes have come out of sockets.
  case received(Int)
  /// So many segments were compacted.
  case compacted(Int)
  case sampled(Sample)
  /// It was told to end, and has closed the store.
  case closed
  case failed(String)
}

extension SoakReport {
  var line: String {
    switch self {
    case .opened: "opened"
    case .appended(let log, let id, let end): "appended \(log) \(id) \(end.rawValue)"
    case .creating(let log): "creating \(log)"
    case .deleting(let log): "deleting \(log)"
    case .deleted(let log): "deleted \(log)"
    case .committed(let log, let offset): "committed \(log) \(offset.rawValue)"
    case .tailed(let count): "tailed \(count)"
    case .received(let count): "received \(count)"
    case .compacted(let count): "compacted \(count)"
    case .sampled(let sample):
      "sampled \(sample.descriptorCount) \(sample.mappingCount) \(sample.residentByteCount)"
    case .closed: "closed"
    case .failed(let reason): "failed " + reason.replacing("\n", with: " ")
    }
  }

  init?(line: Substring) {
    let words = line.split(separator: " " as Character).map(String.init)
    let log = words.count > 1 ? TopicPartition(parsing: words[1]) : nil
    let number = words.last.flatMap(Int.init)
    switch (words.first, log, number) {
    case ("opened", _, _): self = .opened
    case ("closed", _, _): self = .closed
    case ("failed", _, _): self = .failed(String(line.dropFirst("failed ".count)))
    case ("appended", let log?, let end?):
      guard words.count == 4, let id = UniqueID(parsing: words[2]) else { return nil }
      self = .appended(log, id, Offset(rawValue: Int64(end)))
    case ("creating", let log?, _): self = .creating(log)
    case ("deleting", let log?, _): self = .deleting(log)
    case ("deleted", let log?, _): self = .deleted(log)
    case ("committed", let log?, let offset?):
      self = .committed(log, Offset(rawValue: Int64(offset)))
    case ("tailed", _, let count?): self = .tailed(count)
    case ("received", _, let count?): self = .received(count)
    case ("compacted", _, let count?): self = .compacted(count)
    case ("sampled", _, _):
      guard let sample = Sample(words.dropFirst()) else { return nil }
      self = .sampled(sample)
    default: return nil
    }
  }

  /// Hands it over, whole: a line is shorter than what a pipe takes in one piece.
  func send() {
    let bytes = Array((line + "\n").utf8)
    guard write(STDOUT_FILENO, bytes, bytes.count) == bytes.count else {
      // Nobody listens any more.
      _exit(2)
    }
  }
}
