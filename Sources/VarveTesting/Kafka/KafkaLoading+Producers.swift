internal import VarveFormat

/// How far Kafka has come in finding out about producers.
struct KafkaProducers {
  /// The end of what is known.
  var end: Offset = 0
  /// The end of what the last snapshot holds.
  var snapshotEnd: Offset = 0
}

// Snapshots of producers, by name: what is in them is not modelled.

extension KafkaLoading {
  /// The offsets of all snapshots, ascending.
  private var snapshots: [Offset] {
    files.keys.compactMap { SegmentFileName(parsing: $0) }
      .filter { $0.kind == .producerSnapshot && $0.transition == nil }.map(\.offset).sorted()
  }

  private mutating func removeSnapshot(_ offset: Offset, _ reason: Reason) {
    remove(name(offset, .producerSnapshot), reason)
  }

  mutating func removeAllSnapshots() {
    for offset in snapshots { removeSnapshot(offset, .snapshotOutOfRange) }
  }

  /// Of the snapshots that are not of a segment's base, only the newest may stay: that of the end.
  mutating func removeStraySnapshots() {
    let strays = snapshots.filter { !segments.contains($0) }
    guard let newest = strays.last else { return }
    for stray in strays.dropLast() { removeSnapshot(stray, .straySnapshot) }
    if let last = segments.last, newest < last { removeSnapshot(newest, .straySnapshot) }
  }

  /// Writes a snapshot, unless nothing has come since the last one.
  mutating func takeSnapshot(_ producers: inout KafkaProducers) {
    guard producers.end > producers.snapshotEnd else { return }
    write(name(producers.end, .producerSnapshot), KafkaSnapshot.empty)
    producers.snapshotEnd = producers.end
  }

  /// What is known of producers once the log is loaded.
  mutating func rebuildProducers(from start: Offset, to end: Offset) throws(Failure) {
    var producers = KafkaProducers()
    guard isClean, snapshots.isEmpty else { return try reload(&producers, from: start, to: end) }
    // Taken for a log of before there were snapshots: nothing is read, and producers are forgotten.
    for offset in segments.suffix(2) + [end] {
      producers.end = offset
      takeSnapshot(&producers)
    }
  }

  /// Finds out about producers from the newest snapshot on, up to an offset. Snapshots outside of
  /// what is asked for are removed, those of the future among them.
  mutating func reload(
    _ producers: inout KafkaProducers, from start: Offset, to end: Offset
  ) throws(Failure) {
    let wasAtEnd = producers.end >= end
    for offset in snapshots where offset > end || offset <= start {
      removeSnapshot(offset, .snapshotOutOfRange)
    }
    if producers.end != end { loadSnapshot(&producers, from: start) }
    if end > producers.end, !wasAtEnd {
      let kept = segments.suffix(2)
      let first = segments.lastIndex { $0 <= producers.end } ?? segments.startIndex
      for base in segments[first...] where base < end {
        producers.end = max(base, producers.end, start)
        if kept.contains(base) { takeSnapshot(&producers) }
        try scan(base, from: producers.end)
      }
    }
    producers.end = end
    takeSnapshot(&producers)
  }

  private mutating func loadSnapshot(_ producers: inout KafkaProducers, from start: Offset) {
    for offset in snapshots.reversed() {
      if KafkaSnapshot.isReadable(files[name(offset, .producerSnapshot)] ?? []) {
        (producers.end, producers.snapshotEnd) = (offset, offset)
        return
      }
      removeSnapshot(offset, .corruptSnapshot)
    }
    (producers.end, producers.snapshotEnd) = (start, start)
  }

  /// Walks over a segment's batches, which have to be batches.
  private func scan(_ base: Offset, from start: Offset) throws(Failure) {
    let segment = segment(base)
    do {
      guard let first = try segment.batch(holding: start) else { return }
      var walk = KafkaBatchWalk(segment.log, from: first.position)
      while try walk.next() != nil {}
    } catch {
      throw .corruptBatch(file: name(base, .log), position: error.position)
    }
  }
}
