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
    let records = try decompressor.records(of: batch)
    var iterator = records.makeIterator()
    while let record = iterator.next() {
      guard record.offset >= first, let key = record.key else { continue }
      guard map.set(key, to: record.offset) else {
        (end, isWhole) = (record.offset, false)
        return
      }
    }
  }
}
