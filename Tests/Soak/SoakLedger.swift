import Varve

/// What children have told, over all their lives.
struct SoakLedger {
  /// What was acknowledged of a log.
  struct Known: Hashable {
    var id: UniqueID
    var end: Offset
  }

  private(set) var known: [TopicPartition: Known] = [:]
  /// Logs of which it is not known whether they are there: the child was about to make or delete them.
  private(set) var uncertain: Set<TopicPartition> = []
  private(set) var committed: [TopicPartition: Offset] = [:]
  private(set) var recordCount = 0
  private(set) var receivedByteCount = 0
  private(set) var tailedCount = 0
  private(set) var compactedByteCount = 0
  private(set) var createdCount = 0
  private(set) var deletedCount = 0

  /// What a child told that lives no more, in order. What it said of itself is returned.
  mutating func take(_ reports: [SoakReport]) throws -> Life {
    var life = Life()
    for report in reports {
      switch report {
      case .opened: life.hasOpened = true
      case .closed: life.hasClosed = true
      case .sampled(let sample): life.samples.append(sample)
      case .failed(let reason): throw Discrepancy("a child failed: \(reason)")
      case .appended(let log, let id, let end):
        recordCount += Load.burstCount
        known[log] = Known(id: id, end: end)
        uncertain.remove(log)
      case .creating(let log):
        createdCount += 1
        uncertain.insert(log)
      case .deleting(let log): uncertain.insert(log)
      case .deleted(let log):
        deletedCount += 1
        known[log] = nil
        uncertain.remove(log)
      case .committed(let log, let offset): committed[log] = max(committed[log] ?? 0, offset)
      case .tailed(let count): tailedCount += count
      case .received(let count): receivedByteCount += count
      case .compacted(let count): life.compactedByteCount = count
      }
    }
    compactedByteCount += life.compactedByteCount
    return life
  }

  /// What is there is so, from now on.
  mutating func settle(_ store: LogStore) throws {
    for partition in uncertain {
      known[partition] = nil
      guard let log = store[partition], let id = store.topicID(of: partition.topic) else {
        continue
      }
      known[partition] = Known(id: id, end: log.end)
    }
    uncertain = []
  }
}

/// What a child told of itself.
struct Life {
  var hasOpened = false
  var hasClosed = false
  var samples: [Sample] = []
  var compactedByteCount = 0
}
