internal import VarveSystem

/// The last offset of each key of the new part of a log, as far as there is memory for them.
struct CompactionKeys: ~Copyable {
  let map: OffsetMap
  private let first: Offset
  /// All before this offset is in the map.
  private(set) var end: Offset
  /// Whether all keys have found room so far.
  private(set) var isWhole = true
  private var decompressor = Decompressor()
  private var keys = BatchKeys()

  /// - Parameter offsets: Those of the new part.
  init(
    of offsets: Range<Offset>, byteLimit: Int, _ random: any RandomSource
  ) throws(LogError) {
    do throws(SystemError) {
      map = try OffsetMap(
        keyCount: offsets.lowerBound.distance(to: offsets.upperBound), byteLimit: byteLimit,
        secret: (random.next(), random.next()))
    } catch {
      throw LogError(error, "have memory for keys")
    }
    first = offsets.lowerBound
    end = offsets.upperBound
  }

  /// Takes the keys of a batch, up to the first one for which there is no room.
  mutating func take(_ batch: BatchView, _ header: BatchHeader) throws(LogError) {
    guard header.recordCount > 0, header.nextOffset > first else { return }
    try keys.take(batch, by: &decompressor, askedOf: map)
    for entry in keys.entries where entry.offset >= first {
      guard let hash = entry.hash else { continue }
      guard map.set(hash, to: entry.offset) else {
        (end, isWhole) = (entry.offset, false)
        return
      }
    }
  }
}
