internal import VarveFormat

// Segments, and what is read anew of them.

extension KafkaLoading {
  /// Finds the segments. Nothing is read of them but transaction indexes, except where an index is
  /// missing.
  mutating func loadSegments() throws(Failure) {
    for name in files.keys.sorted() {
      guard let file = SegmentFileName(parsing: name), file.transition == nil else { continue }
      switch file.kind {
      case .offsetIndex, .timeIndex, .transactionIndex:
        if files[self.name(file.offset, .log)] == nil { remove(name, .orphaned) }
      case .log:
        if try !isSound(file.offset) {
          var transactions = openTransactions(before: file.offset)
          // That something was cut here lets no later segment go.
          try recover(file.offset, &transactions)
        }
        segments.append(file.offset)
      case .producerSnapshot: break
      }
    }
  }

  private mutating func isSound(_ base: Offset) throws(Failure) -> Bool {
    guard files[name(base, .offsetIndex)] != nil else { return false }
    // Its times are forgotten.
    if files[name(base, .timeIndex)] == nil { write(name(base, .timeIndex), []) }
    let name = name(base, .transactionIndex)
    guard let index = files[name] else { return true }
    return try KafkaTransactions.isSound(index, baseOffset: base, file: name)
  }

  /// Reads all segments from the one on that holds the recovery point, until one has to be cut.
  mutating func recoverUnflushed() throws(Failure) {
    let first = segments.lastIndex { $0 <= recoveryPoint } ?? 0
    var rest = segments[first...]
    var transactions = rest.first.map { openTransactions(before: $0) } ?? KafkaTransactions()
    while let base = rest.popFirst() {
      let cutByteCount: Int
      do throws(Failure) {
        cutByteCount = try recover(base, &transactions)
      } catch {
        guard case .invalidOffset = error else { throw error }
        cutByteCount = empty(base)
      }
      guard cutByteCount == 0 else { return drop(Array(rest), .behindCut(of: base)) }
    }
  }

  /// Reads a segment up to its first bad batch, cuts it there, and writes its indexes anew.
  /// Returns how many bytes were cut.
  @discardableResult
  private mutating func recover(
    _ base: Offset, _ transactions: inout KafkaTransactions
  ) throws(Failure) -> Int {
    var producers = KafkaProducers()
    try reload(&producers, from: logStartOffset, to: base)
    let log = files[name(base, .log)] ?? []
    var indexes = KafkaIndexes(baseOffset: base, interval: model.indexIntervalByteCount)
    var aborted: [UInt8] = []
    var walk = KafkaBatchWalk(log)
    var end = 0
    note(.recovered(segment: base))
    // What is no batch ends the segment, as its end does.
    while let batch = try? walk.next(), batch.isValid(in: log) {
      guard (0...Int64(Int32.max)).contains(batch.lastOffset.rawValue &- base.rawValue) else {
        throw .offsetOutOfRange(segment: base, batch.lastOffset)
      }
      try indexes.append(batch)
      end = batch.range.upperBound
      updateEpochs { $0.assign(batch.leaderEpoch, at: batch.baseOffset) }
      aborted += transactions.apply(batch, in: log) ?? []
      producers.end = batch.nextOffset
    }
    try indexes.finish()
    cut(base, to: end)
    write(name(base, .offsetIndex), indexes.offsets)
    write(name(base, .timeIndex), indexes.times)
    writeTransactionIndex(base, aborted)
    takeSnapshot(&producers)
    return log.count - end
  }
}

// MARK: What becomes of segments

extension KafkaLoading {
  /// The transactions that are open where a segment begins.
  private func openTransactions(before base: Offset) -> KafkaTransactions {
    var transactions = KafkaTransactions()
    for segment in segments where segment < base {
      let log = files[name(segment, .log)] ?? []
      var walk = KafkaBatchWalk(log)
      while let batch = try? walk.next() { _ = transactions.apply(batch, in: log) }
    }
    return transactions
  }

  /// Without aborted transactions there is no such file, but one that is there stays.
  private mutating func writeTransactionIndex(_ base: Offset, _ entries: [UInt8]) {
    let name = name(base, .transactionIndex)
    if !entries.isEmpty || files[name] != nil { write(name, entries) }
  }

  /// Leaves nothing of a segment whose offsets do not grow.
  private mutating func empty(_ base: Offset) -> Int {
    let byteCount = files[name(base, .log)]?.count ?? 0
    cut(base, to: 0)
    write(name(base, .offsetIndex), [])
    write(name(base, .timeIndex), [])
    writeTransactionIndex(base, [])
    return byteCount
  }

  private mutating func drop(_ bases: [Offset], _ reason: KafkaLoaderModel.DropReason) {
    for base in bases {
      let byteCount = files[name(base, .log)]?.count ?? 0
      for kind in SegmentFileName.Kind.allCases { removeQuietly(name(base, kind)) }
      segments.removeAll { $0 == base }
      note(.dropped(segment: base, byteCount: byteCount, reason))
    }
  }

  /// Finds the log's end, and lets there be a segment.
  mutating func settleEnd() throws(Failure) -> Offset {
    if let last = segments.last {
      let end = try nextOffset(last)
      guard end < logStartOffset else { return end }
      drop(segments, .beforeLogStart)
      updateEpochs { epochs in
        epochs.clear()
        return true
      }
      removeAllSnapshots()
    }
    note(.createdSegment(logStartOffset))
    segments = [logStartOffset]
    for kind in [SegmentFileName.Kind.log, .offsetIndex, .timeIndex] {
      write(name(logStartOffset, kind), [])
    }
    return logStartOffset
  }
}
