import Varve
import VarveTesting

/// What a log has of producers, as it must be: their batches and markers, in the order of offsets. All
/// that is to be known of them follows from that.
struct ProducerModel {
  /// A batch or a marker that is in the log.
  struct Entry: Hashable {
    var baseOffset: Offset
    var count: Int
    var producer: Producer
    var baseSequence: SequenceNumber
    var isTransactional: Bool
    /// What a marker says; nil for a batch.
    var marker: EndTransactionMarker?
    /// What has happened since.
    var outlived: Set<Crash> = []
    /// Whether it was found although its append had failed.
    var wasUncertain = false

    var nextOffset: Offset { baseOffset.advanced(by: count) }
    var lastSequence: SequenceNumber { baseSequence.advanced(by: Int32(count) - 1) }
  }

  private(set) var entries: [Entry] = []
  /// What was appended last by a call that failed, and may be found.
  private var uncertain: Entry?
  /// Where the log began anew last.
  private var origin: Offset = 0
  /// Of batches before that, no more than a producer's last one need be known.
  private(set) var recalledFrom: Offset = 0

  var isEmpty: Bool { entries.isEmpty }

  /// The ids of all that there are, ascending.
  var ids: [Int64] { Set(entries.map(\.producer.id)).sorted() }
}

// MARK: What happens

extension ProducerModel {
  /// Takes note of something that was appended; nil for what is no producer's.
  mutating func append(_ entry: Entry?) {
    if let entry { entries.append(entry) }
    uncertain = nil
  }

  /// Takes note of something whose append failed: it may be found after a crash.
  mutating func appendFailed(_ entry: Entry?) { uncertain = entry }

  /// Ends where the log does, after a cut or a crash.
  mutating func follow(_ history: ModelLog, recalledFrom base: Offset, after crash: Crash? = nil) {
    if var found = uncertain, found.nextOffset <= history.end {
      found.wasUncertain = true
      entries.append(found)
    }
    uncertain = nil
    if history.origin != origin { (entries, origin) = ([], history.origin) }
    entries.removeAll { $0.nextOffset > history.end }
    recalledFrom = base
    guard let crash else { return }
    for index in entries.indices { entries[index].outlived.insert(crash) }
  }
}

// MARK: What follows

extension ProducerModel {
  /// What is known of one producer.
  struct State: Hashable {
    var epoch: Int16
    /// The batches of this life.
    var batches: [Entry] = []
    /// Where its open transaction begins.
    var openSince: Offset?
    var coordinatorEpoch: Int32?

    /// The number of the record that is next.
    var nextSequence: SequenceNumber { batches.last?.lastSequence.advanced(by: 1) ?? 0 }

    mutating func take(_ entry: Entry) {
      if entry.producer.epoch != epoch { (epoch, batches) = (entry.producer.epoch, []) }
      if let marker = entry.marker {
        (coordinatorEpoch, openSince) = (marker.coordinatorEpoch, nil)
      } else {
        batches.append(entry)
        if entry.isTransactional, openSince == nil { openSince = entry.baseOffset }
      }
    }
  }

  func state(of id: Int64) -> State? {
    var state: State?
    for entry in entries where entry.producer.id == id {
      state = state ?? State(epoch: entry.producer.epoch)
      state?.take(entry)
    }
    return state
  }

  /// What a snapshot says of all of them, but for when they were heard of.
  var snapshot: [ProducerSnapshotEntry] {
    ids.compactMap { id in
      state(of: id).map { state in
        ProducerSnapshotEntry(
          producer: Producer(id: id, epoch: state.epoch),
          lastBatch: state.batches.last.map {
            ProducerBatch(
              lastSequence: $0.lastSequence, lastOffset: $0.nextOffset.advanced(by: -1),
              lastOffsetDelta: Int32($0.count) - 1)
          }, timestamp: .none, coordinatorEpoch: state.coordinatorEpoch,
          transactionStart: state.openSince)
      }
    }
  }
}

// MARK: Transactions

extension ProducerModel {
  /// Those whose transactions are open.
  var open: Set<Int64> { Set(ids.filter { state(of: $0)?.openSince != nil }) }

  /// The first offset of the oldest open transaction.
  var firstUnstable: Offset? { ids.compactMap { state(of: $0)?.openSince }.min() }

  /// The transactions that came to nothing, in the order of their markers.
  var aborted: [AbortedTransaction] {
    var begun: [Int64: Offset] = [:]
    var found: [AbortedTransaction] = []
    for entry in entries {
      let id = entry.producer.id
      guard let marker = entry.marker else {
        if entry.isTransactional, begun[id] == nil { begun[id] = entry.baseOffset }
        continue
      }
      guard let first = begun.removeValue(forKey: id), marker.outcome == .aborted else { continue }
      found.append(
        AbortedTransaction(
          producerID: id, firstOffset: first, lastOffset: entry.baseOffset,
          lastStableOffset: begun.values.min() ?? entry.nextOffset))
    }
    return found
  }

  /// The offsets below one that is stable whose records do not count: markers, and what their
  /// transactions came to nothing with.
  func uncounted(before end: Offset) -> Set<Offset> {
    var outcomes: [Int64: EndTransactionMarker.Outcome] = [:]
    var found: Set<Offset> = []
    for entry in entries.reversed() {
      if let marker = entry.marker { outcomes[entry.producer.id] = marker.outcome }
      let counts = !entry.isTransactional || outcomes[entry.producer.id] == .committed
      guard entry.marker != nil || !counts, entry.baseOffset < end else { continue }
      for number in 0..<entry.count { found.insert(entry.baseOffset.advanced(by: number)) }
    }
    return found
  }
}
