internal import Varve

/// What a segment's batches say, to compare its indexes with.
struct SegmentFacts: Sendable {
  struct Batch: Hashable, Sendable {
    var position: Int
    var first: Offset
    var last: Offset
    var maxTimestamp: Timestamp
  }

  let base: Offset
  var batches: [Batch] = []
  /// Whether all of it could be read, as batches of format 2: otherwise indexes are compared with
  /// nothing.
  var isWhole = true

  /// The batch that begins at a position.
  func batch(at position: Int) -> Batch? {
    let index = batches.partition { $0.position >= position }
    return index < batches.count && batches[index].position == position ? batches[index] : nil
  }

  /// The first batch that reaches up to an offset, or beyond.
  func batch(reaching offset: Offset) -> Batch? {
    let index = batches.partition { $0.last >= offset }
    return index < batches.count ? batches[index] : nil
  }

  var maxTimestamp: Timestamp { batches.map(\.maxTimestamp).max() ?? .none }
}

extension Array {
  /// The index of the first element for which `isBehind` is true, of which it stays so.
  fileprivate func partition(_ isBehind: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

// MARK: Indexes

extension SegmentFacts {
  /// What is wrong with an offset index; nil where nothing is.
  func fault(inOffsetIndex bytes: [UInt8]) -> String? {
    guard bytes.count % OffsetIndexEntry.byteCount == 0 else {
      return "it has \(bytes.count) bytes, which is no number of entries"
    }
    let view = OffsetIndexView(bytes.span.bytes, baseOffset: base)
    var previous: OffsetIndexEntry?
    for index in 0..<view.count {
      let entry = view[index]
      if let previous, entry.offset <= previous.offset || entry.position <= previous.position {
        return "entry \(index) says \(entry.offset) at \(entry.position), which does not increase"
      }
      previous = entry
      guard isWhole else { continue }
      guard let batch = batch(at: entry.position) else {
        return "entry \(index) leads to byte \(entry.position), where no batch begins"
      }
      guard batch.first <= entry.offset, let holder = self.batch(reaching: entry.offset),
        holder.position >= entry.position
      else {
        return "entry \(index) says that offset \(entry.offset) lies behind byte \(entry.position)"
      }
    }
    return nil
  }

  /// The same of a time index.
  func fault(inTimeIndex bytes: [UInt8], isSealed: Bool) -> String? {
    guard bytes.count % TimeIndexEntry.byteCount == 0 else {
      return "it has \(bytes.count) bytes, which is no number of entries"
    }
    let view = TimeIndexView(bytes.span.bytes, baseOffset: base)
    var previous: TimeIndexEntry?
    for index in 0..<view.count {
      let entry = view[index]
      if let previous, entry.timestamp <= previous.timestamp || entry.offset < previous.offset {
        return
          "entry \(index) says \(entry.timestamp.text) at \(entry.offset), which does not increase"
      }
      previous = entry
      guard isWhole, entry.timestamp != .none, let batch = batch(reaching: entry.offset) else {
        continue
      }
      if batch.maxTimestamp < entry.timestamp, batch.first <= entry.offset {
        return
          "entry \(index) says \(entry.timestamp.text), which no record at \(entry.offset) carries"
      }
    }
    guard isSealed, isWhole, maxTimestamp != .none, (previous?.timestamp ?? .none) < maxTimestamp
    else { return nil }
    return "it ends before \(maxTimestamp.text), which a record carries"
  }
}
