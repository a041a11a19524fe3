internal import VarveSystem

/// Goes through all batches of a segment, and compares each with its checksum, with the one before it,
/// and all of them with what they add up to.
struct SegmentExamination {
  let segment: SegmentFile
  let file: OpenFile
  /// Up to where the segment goes.
  let end: SegmentEnd
  /// What it adds up to, where that is known.
  let digest: SegmentDigest?
  private let configuration: LogConfiguration
  private(set) var scan: SegmentScan
  /// Parts that are lost, in their order.
  private(set) var damage: [DamagedRange] = []

  init(
    _ segment: SegmentFile, _ file: OpenFile, until end: SegmentEnd, digest: SegmentDigest?,
    _ configuration: LogConfiguration
  ) throws(SystemError) {
    self.segment = segment
    self.file = file
    self.end = end
    self.digest = digest
    self.configuration = configuration
    scan = try SegmentScan(
      of: segment.baseOffset, byteCount: end.position, configuration)
  }

  /// - Parameter pace: Told how much of the file has been gone through.
  mutating func run(pace: (Int) -> Void = { _ in }) throws(SystemError) {
    try goThrough(upTo: end, pace)
    guard let digest, !damage.isEmpty || digest != scan.digest else { return }
    // It may be one batch that does not fit, and not those behind it that do not fit it.
    if let changed = try changedPart(digest) {
      try goThrough(around: changed)
    } else if damage.isEmpty || damage.contains(where: \.hasNoOffsets) {
      // Or the batches before seem to have the offsets of those that are lost.
      damage = [part(from: SegmentEnd(offset: segment.baseOffset, position: 0), to: end)]
    }
  }

  private mutating func goThrough(
    upTo place: SegmentEnd, _ pace: (Int) -> Void = { _ in }
  ) throws(SystemError) {
    let bounds = SegmentScan.Bounds(byteCount: place.position, nextBase: place.offset)
    repeat {
      try scan.run(through: file, bounds, progress: pace)
    } while try goesOn(upTo: place)
  }

  /// Goes through all but a part of which it is known that it is lost.
  private mutating func goThrough(around changed: DamagedRange) throws(SystemError) {
    scan = try SegmentScan(
      of: segment.baseOffset, byteCount: end.position, configuration)
    damage = []
    try goThrough(
      upTo: SegmentEnd(
        offset: changed.offsets.lowerBound, position: changed.positions.lowerBound))
    damage.append(changed)
    scan.skip(
      to: SegmentEnd(
        offset: changed.offsets.upperBound, position: changed.positions.upperBound))
    try goThrough(upTo: end)
  }

  /// Takes note of what is lost where the batches end; true if they go on behind it.
  private mutating func goesOn(upTo place: SegmentEnd) throws(SystemError) -> Bool {
    let found = scan.end
    guard found.position < place.position else { return false }
    let search = BatchSearch(
      knowsHoles: false, file: file, baseOffset: segment.baseOffset, byteCount: place.position,
      offsets: found.offset..<max(found.offset, place.offset))
    let next = try search.look(from: found.position).batch
    let until = next ?? place
    damage.append(part(from: found, to: until))
    scan.skip(to: until)
    return next != nil
  }

  private func part(from start: SegmentEnd, to end: SegmentEnd) -> DamagedRange {
    DamagedRange(
      segmentBaseOffset: segment.baseOffset,
      offsets: start.offset..<max(start.offset, end.offset),
      positions: start.position..<end.position)
  }

  /// The one batch that was changed in what no checksum covers; nil where it is none, or more than one.
  private func changedPart(_ digest: SegmentDigest) throws(SystemError) -> DamagedRange? {
    guard let batches = try headers(),
      let change = SegmentChange(
        in: batches, from: digest,
        within: segment.baseOffset..<max(segment.baseOffset, end.offset))
    else { return nil }
    let batch = batches[change.index]
    let count = batch.header.baseOffset.distance(to: batch.header.nextOffset)
    return part(
      from: SegmentEnd(offset: change.baseOffset, position: batch.position),
      to: SegmentEnd(
        offset: change.baseOffset.advanced(by: count),
        position: batch.position + batch.header.byteCount))
  }

  /// The headers of all batches; nil where that would be too many.
  private func headers() throws(SystemError) -> [PlacedHeader]? {
    var walk = HeaderWalk(
      file, from: 0, firstOffset: segment.baseOffset, limit: end.position,
      readAhead: LogLimits.lookupByteCount, buffers: BufferPool())
    var headers: [PlacedHeader] = []
    while (try? walk.advance()) == true {
      guard let header = walk.header, headers.count < LogLimits.comparedHeaderCount else {
        return nil
      }
      headers.append(PlacedHeader(header: header, position: walk.position))
      walk.hurry()
    }
    // Where they do not lead to the end, more is wrong than one of them.
    return walk.nextPosition == end.position ? headers : nil
  }
}

extension DamagedRange {
  fileprivate var hasNoOffsets: Bool { offsets.isEmpty && !positions.isEmpty }
}

/// A batch's header, and where in its segment it stands.
struct PlacedHeader: Hashable, Sendable {
  let header: BatchHeader
  let position: Int
}
