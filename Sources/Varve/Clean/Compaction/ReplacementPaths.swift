internal import VarveSystem

/// The files of a segment that is to take the place of others, in the states that Kafka gives them: what
/// one that was interrupted left is finished, or undone, by its loader as by ours.
///
/// As long as one file is still `.cleaned`, nothing has happened, and all goes. Once the last one is
/// `.swap`, it has: the others go then, and these get their own names.
struct ReplacementPaths: Hashable, Sendable {
  let directory: String
  let baseOffset: Offset
  /// The files that there are, the log last: under its own name it stands for the segment.
  let kinds: [SegmentFileName.Kind]

  init(directory: String, baseOffset: Offset, hasTransactions: Bool) {
    self.directory = directory
    self.baseOffset = baseOffset
    kinds = Self.order.filter { $0 != .transactionIndex || hasTransactions }
  }

  /// In which order files get their names. The first one is always there: once it has its own, those whose
  /// places are taken have gone.
  static let order: [SegmentFileName.Kind] = [.offsetIndex, .timeIndex, .transactionIndex, .log]

  func path(_ kind: SegmentFileName.Kind, _ transition: SegmentFileName.Transition?) -> String {
    directory + "/" + SegmentFileName(baseOffset, kind, transition: transition).description
  }
}

extension ReplacementPaths {
  /// Brings all files from one state into the next.
  func rename(
    from old: SegmentFileName.Transition, to new: SegmentFileName.Transition?,
    in fileSystem: any FileSystem
  ) throws(SystemError) {
    for kind in kinds { try fileSystem.rename(path(kind, old), to: path(kind, new)) }
  }
}

extension FileSystem {
  /// Takes a name away, if it is there.
  func unlinkIfThere(_ path: String) throws(SystemError) {
    do throws(SystemError) {
      try unlink(path)
    } catch {
      guard error.errno == .noSuchFile else { throw error }
    }
  }
}
