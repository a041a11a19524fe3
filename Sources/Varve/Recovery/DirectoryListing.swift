internal import VarveSystem

/// What lies in a log's directory, by name.
///
/// A listing is made piece by piece. Of names that another process gives meanwhile it may have a
/// later one without an earlier one: a second listing has all that lies before what the first one
/// has.
struct DirectoryListing: Hashable, Sendable {
  /// The base offsets of segments, ascending.
  private(set) var bases: [Offset] = []
  /// The numbers of spares, ascending.
  private(set) var spares: [Int] = []
  /// Files that were about to replace others and did not come to it.
  private(set) var temporaries: [String] = []
  /// Files that Kafka has taken out of the log, to remove them later.
  private(set) var doomed: [String] = []
  /// Index files without a segment: what is left of one that was removed.
  private(set) var strays: [String] = []
  /// The segments that have a transaction index, ascending.
  private(set) var transactionIndexes: [Offset] = []
  /// The offsets of snapshots of producers, ascending.
  private(set) var snapshots: [Offset] = []
  /// Files of segments that are to take the place of others, or are being written for that: somebody is at
  /// it, or was when his process ended.
  private(set) var replacements: [SegmentFileName] = []

  init(_ names: [String]) {
    var indexes: [SegmentFileName] = []
    for name in names {
      // First, for most are of segments.
      if let file = SegmentFileName(parsing: name) {
        guard file.transition == nil else {
          if file.transition == .deleted { doomed.append(name) } else { replacements.append(file) }
          continue
        }
        switch file.kind {
        case .log: bases.append(file.offset)
        case .offsetIndex, .timeIndex: indexes.append(file)
        case .transactionIndex:
          indexes.append(file)
          transactionIndexes.append(file.offset)
        case .producerSnapshot: snapshots.append(file.offset)
        }
      } else if let number = LogFileNames.spareNumber(name) {
        spares.append(number)
      } else if LogFileNames.isTemporary(name) || name == CheckpointName.leaderEpochs.temporary {
        temporaries.append(name)
      }
    }
    bases.sort()
    spares.sort()
    transactionIndexes.sort()
    snapshots.sort()
    let known = Set(bases)
    // The others are strays, and gone before anybody looks for them.
    transactionIndexes.removeAll { !known.contains($0) }
    strays = indexes.filter { !known.contains($0.offset) }.map(\.description).sorted()
  }

  /// Whether there is something that is no part of the log.
  var hasRemains: Bool { !remains.isEmpty }

  /// What is no part of the log, and goes when that is opened to write.
  var remains: [String] { temporaries + doomed + strays }

  /// Whether segments may have gone in whose place others are still to come.
  var isBeingReplaced: Bool { replacements.contains { $0.transition == .swap } }

  /// The base offsets of the segments up to one of them.
  func bases(upTo last: Offset) -> ArraySlice<Offset> { bases.prefix { $0 <= last } }

  /// Each segment, and the one behind it.
  var neighbours: [(base: Offset, next: Offset?)] {
    zip(bases, bases.dropFirst().map { $0 } + [nil]).map { ($0, $1) }
  }
}
