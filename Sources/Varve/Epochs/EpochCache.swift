/// Where the reign of each leader of a log begins, by Kafka's rules: later reigns begin at later
/// offsets, so the reign of an offset is the last one that begins at or before it.
struct EpochCache: Hashable, Sendable {
  /// Epochs and starts both ascend.
  private(set) var entries: [LeaderEpochStart] = []

  init() {}

  /// What a checkpoint says; nil where epochs or starts go back.
  init?(_ checkpoint: LeaderEpochCheckpoint) {
    for (entry, next) in zip(checkpoint.entries, checkpoint.entries.dropFirst()) {
      guard entry.epoch < next.epoch, entry.startOffset < next.startOffset else { return nil }
    }
    entries = checkpoint.entries
  }

  var isEmpty: Bool { entries.isEmpty }
  var earliest: LeaderEpochStart? { entries.first }
  var latest: LeaderEpochStart? { entries.last }
}

// MARK: Questions

extension EpochCache {
  /// The reign of an offset; nil before the first one that is known.
  func epoch(for offset: Offset) -> LeaderEpoch? {
    entries.last { $0.startOffset <= offset }?.epoch
  }

  /// The reign in which a log is that ends at an offset.
  func reign(before end: Offset) -> LeaderEpochStart? {
    entries.last { $0.startOffset < end }
  }

  /// The reign before one, and the one behind it, whether that one is known or not.
  func previous(before epoch: LeaderEpoch) -> LeaderEpochStart? {
    entries.last { $0.epoch < epoch }
  }

  func next(after epoch: LeaderEpoch) -> LeaderEpochStart? { entries.first { $0.epoch > epoch } }

  /// The last reign that is no later than one, and where it ends; nil where nothing can be said.
  ///
  /// - Parameter end: The log's end, which is that of the latest reign.
  func end(of epoch: LeaderEpoch, logEnd end: Offset) -> LeaderEpochEnd? {
    guard let latest, epoch >= 0 else { return nil }
    if epoch == latest.epoch { return LeaderEpochEnd(epoch: epoch, endOffset: end) }
    guard let next = next(after: epoch) else { return nil }
    let floor = entries.last { $0.epoch <= epoch }?.epoch
    return LeaderEpochEnd(epoch: floor ?? epoch, endOffset: next.startOffset)
  }
}

extension EpochCache {
  /// Whether a reign is known, if a log that begins at `start` has something of it.
  func has(_ reign: LeaderEpochStart, from start: Offset) -> Bool {
    if let earliest, earliest.startOffset == start, earliest.epoch > reign.epoch { return true }
    return entries.contains {
      $0.epoch == reign.epoch && $0.startOffset == max(reign.startOffset, start)
    }
  }
}

// MARK: Changes

extension EpochCache {
  /// Takes note that a reign begins at an offset, if that is new; what contradicts it goes.
  ///
  /// - Returns: Whether anything has changed.
  @discardableResult
  mutating func assign(_ epoch: LeaderEpoch, at offset: Offset) -> Bool {
    guard epoch >= 0, offset >= 0 else { return false }
    if let latest, latest.epoch == epoch, latest.startOffset <= offset { return false }
    entries.removeAll { $0.epoch >= epoch || $0.startOffset >= offset }
    entries.append(LeaderEpochStart(epoch: epoch, startOffset: offset))
    return true
  }

  /// Takes note of the reign in which a log goes on, if that is later than all that are known: what was
  /// appended in it lies before the log's start.
  mutating func goOn(in epoch: LeaderEpoch, at end: Offset) {
    if epoch > latest?.epoch ?? .none { assign(epoch, at: end) }
  }

  /// Forgets the reigns that begin at an offset or behind it: the log ends there.
  mutating func truncate(from end: Offset) {
    guard end >= 0 else { return }
    entries.removeAll { $0.startOffset >= end }
  }

  /// Forgets the reigns that end before an offset: the log begins there.
  mutating func truncate(before start: Offset) {
    guard start >= 0, let first = entries.lastIndex(where: { $0.startOffset <= start }) else {
      return
    }
    entries.removeSubrange(..<first)
    entries[0].startOffset = start
  }
}

// MARK: What the log says

/// Batches of one epoch, or of none, one behind the other, as going through a log has met them.
struct EpochSighting: Hashable, Sendable {
  let epoch: LeaderEpoch
  let firstOffset: Offset
  var lastOffset: Offset
}

extension EpochCache {
  /// The same for a log of which some batches have been looked at; nil where these say otherwise.
  ///
  /// A reign that is later than all that are known began with the process's last words. One that began
  /// behind the log's end has left nothing.
  func reconciled(
    with sightings: [EpochSighting], _ offsets: Range<Offset>
  ) -> EpochCache? {
    var cache = self
    cache.truncate(from: offsets.upperBound)
    for sighting in sightings where sighting.lastOffset >= offsets.lowerBound {
      let firstOffset = max(sighting.firstOffset, offsets.lowerBound)
      if sighting.epoch > cache.latest?.epoch ?? .none {
        cache.assign(sighting.epoch, at: firstOffset)
      } else {
        // Batches of no epoch in the midst of a reign are not of the log that the reign was of.
        guard cache.epoch(for: firstOffset) ?? .none == sighting.epoch,
          cache.epoch(for: sighting.lastOffset) ?? .none == sighting.epoch
        else { return nil }
      }
    }
    cache.truncate(before: offsets.lowerBound)
    // Of a log that has no records, the file says nothing, as when it was closed.
    cache.truncate(from: offsets.upperBound)
    return cache
  }
}
