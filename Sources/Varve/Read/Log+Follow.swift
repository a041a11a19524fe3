internal import Synchronization
internal import VarveSystem

extension Log {
  /// Looks how far another process has written by now. Does nothing for a log that this process
  /// writes: it knows.
  ///
  /// What is there and no whole batch, or not the next one, is not there yet: zeros are space that
  /// the writer has allocated, and a batch may be half in place.
  ///
  /// - Throws: ``LogError/Code/trimmed`` where the end that is known is no part of the log any more: what
  ///   has come in its place may differ from some offset on that was read already.
  func follow() throws(LogError) {
    guard mode == .readOnly else { return }
    if let ending = waiters.ending, ending.code == .trimmed { throw ending }
    let before = end
    let isCut: Bool
    do throws(SystemError) {
      isCut = try upkeep.withLock { _ throws(SystemError) in try followToEnd() == .cut }
    } catch {
      throw LogError(error, "follow the log at \(directory)")
    }
    if end > before { waiters.wakeIfAny() }
    guard isCut else { return }
    let ending = LogError(
      .trimmed,
      "who writes the log at \(directory) has cut it, or recovered it into other files, or it starts "
        + "behind \(end) by now; open it again")
    endWaits(ending)
    throw ending
  }

  private enum Following {
    case toEnd
    case cut
  }

  private func followToEnd() throws(SystemError) -> Following {
    repeat {
      if try isEndCut() { return .cut }
    } while try followOnce()
    return .toEnd
  }

  /// Whether the last segment that is known has lost its name, perhaps to another one: published bytes
  /// never change, so who cuts a log writes another file.
  private func isEndCut() throws(SystemError) -> Bool {
    let segment = tail.withLock { $0.segment }
    do throws(SystemError) {
      let named = try environment.fileSystem.status(at: segment.path.log)
      return try segment.openFile().status().inode != named.inode
    } catch {
      guard error.errno == .noSuchFile else { throw error }
      return true
    }
  }

  /// Goes to the end of the last segment that is known, and to the next one; false if there is none.
  private func followOnce() throws(SystemError) -> Bool {
    let segment = tail.withLock { $0.segment }
    // Names first: when there is a next segment, this one is whole, and what is read below is all.
    let next = try nextBase(after: segment.baseOffset)
    try followBytes(of: segment)
    guard let next else { return false }
    try goOn(at: next)
    return true
  }

  private func nextBase(after base: Offset) throws(SystemError) -> Offset? {
    // Most looks find none, and need no second one.
    guard try listedBase(after: base) != nil else { return nil }
    return try listedBase(after: base)
  }

  /// One of the next segments, and not the next one for certain: see ``DirectoryListing``.
  private func listedBase(after base: Offset) throws(SystemError) -> Offset? {
    DirectoryListing(try environment.fileSystem.list(directory)).bases.first { $0 > base }
  }

  private func followBytes(of segment: SegmentFile) throws(SystemError) {
    let file = try segment.openFile()
    let (end, epoch) = tail.withLock { ($0.end, $0.leaderEpoch) }
    var stream = BatchStream(
      baseOffset: segment.baseOffset, from: end.position, limit: try file.status().byteCount,
      chain: BatchChain(from: end.offset, leaderEpoch: epoch, continuity: .gapsAllowed),
      // Mostly there is nothing yet but space.
      chunkByteCount: LogLimits.lookupByteCount)
    while true {
      guard let step = try? stream.advance() else { return }
      switch step {
      case .end: return
      case .needsBytes: _ = try stream.fill(from: file)
      case .batch:
        let header = stream.currentHeader
        let end = stream.position
        let marker = EndTransactionMarker.marker(of: stream.current)
        let placement = tail.withLock { tail in
          defer { noteProducer(of: header, marker, &tail) }
          return tail.follow(header, end: end)
        }
        epochs.note(header)
        publish(placement)
      }
    }
  }

  /// Takes note of what another process has appended for a producer.
  func noteProducer(
    of header: BatchHeader, _ marker: EndTransactionMarker?, _ tail: inout TailState
  ) {
    guard header.producer != nil else { return }
    if let ended = tail.producers.record(header, marker: marker) { return note(ended, &tail) }
    publishStability(of: tail.producers)
  }

  private func goOn(at base: Offset) throws(SystemError) {
    let limits = tailRules.indexLimits
    let index = try IndexMemory(baseOffset: base, limits: limits)
    let path = SegmentPath(directory: directory, baseOffset: base)
    let file = try OpenFile(path.log, .reading, in: environment.fileSystem)
    let segment = SegmentFile(
      active: base, end: SegmentEnd(offset: base, position: 0), maxTimestamp: .none, name: .own,
      file: file, index: index, directory: directory, in: environment.fileSystem)
    segment.learn(inode: try file.status().inode)
    let sealed = tail.withLock { $0.follow(segment, index) }
    // As where this process seals: from now on both may be let go.
    runtime.segments.didOpenFile(of: sealed.parts)
    runtime.segments.didLoadIndex(of: sealed.parts, byteCount: sealed.index.byteCount)
  }
}

extension TailState {
  /// Takes note of a batch that another process has appended.
  mutating func follow(_ header: BatchHeader, end: Int) -> Placement {
    noteFirst(header.maxTimestamp)
    nextOffset = header.baseOffset.rawValue
    if header.leaderEpoch != .none { leaderEpoch = header.leaderEpoch }
    return commit(
      end: end, lastOffset: header.lastOffset.rawValue, header.maxTimestamp, header.checksum)
  }

  /// Goes on in a segment that another process has begun, and returns what there is of the one
  /// before.
  mutating func follow(
    _ next: SegmentFile, _ newIndex: IndexMemory
  ) -> (parts: SegmentParts, index: IndexMemory) {
    let sealed = (segment.parts, index)
    index.append(finalTime, isFinal: true)
    segment.parts.didSeal()
    begin(next, newIndex, created: 0)
    segments.append(next)
    return sealed
  }
}
