/// Producers as they were known at some offset. The table goes on, and they stay as they are: what is
/// changed meanwhile is copied then, a page at a time.
struct FrozenProducers: Sendable {
  fileprivate let states: PagedArray<ProducerState>

  /// Nobody.
  init() { states = PagedArray() }

  fileprivate init(_ states: PagedArray<ProducerState>) { self.states = states }

  /// In the order of their ids: of equal tables, equal bytes.
  var snapshot: ProducerSnapshot {
    var entries: [ProducerSnapshotEntry] = []
    entries.reserveCapacity(states.count)
    for page in states.pages {
      for state in page where state.isPresent { entries.append(state.entry) }
    }
    entries.sort { $0.producer.id < $1.producer.id }
    return ProducerSnapshot(entries)
  }
}

extension ProducerTable {
  /// What is known now.
  var frozen: FrozenProducers { FrozenProducers(states) }

  /// What a snapshot knew.
  init(_ snapshot: ProducerSnapshot, maximumCount: Int) {
    self.init(maximumCount: maximumCount)
    for entry in snapshot.entries {
      let state = ProducerState(entry)
      // Two of one producer are nobody's work; the later one holds.
      if let slot = slot(of: state.id) { remove(at: slot) }
      guard state.isPresent else { continue }
      _ = add(state)
      if let start = entry.transactionStart {
        open(OpenTransaction(producerID: state.id, firstOffset: start))
      }
    }
  }
}

extension ProducerState {
  fileprivate init(_ entry: ProducerSnapshotEntry) {
    self.init(entry.producer, at: entry.timestamp.rawValue)
    transactionStart = entry.transactionStart?.rawValue ?? -1
    coordinatorEpoch = entry.coordinatorEpoch ?? -1
    guard let batch = entry.lastBatch else { return }
    last = RememberedBatch(
      lastOffset: batch.lastOffset.rawValue, timestamp: entry.timestamp.rawValue,
      lastSequence: batch.lastSequence.rawValue, lastOffsetDelta: batch.lastOffsetDelta)
  }

  fileprivate var entry: ProducerSnapshotEntry {
    ProducerSnapshotEntry(
      producer: Producer(id: id, epoch: epoch),
      lastBatch: hasBatch
        ? ProducerBatch(
          lastSequence: SequenceNumber(rawValue: last.lastSequence),
          lastOffset: Offset(rawValue: last.lastOffset), lastOffsetDelta: last.lastOffsetDelta)
        : nil,
      timestamp: Timestamp(rawValue: lastTimestamp),
      coordinatorEpoch: coordinatorEpoch >= 0 ? coordinatorEpoch : nil,
      transactionStart: hasOpenTransaction ? Offset(rawValue: transactionStart) : nil)
  }
}
