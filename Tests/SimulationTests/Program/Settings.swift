import Varve
import VarveSystem
import VarveTesting

/// Where a simulated log lives, and how it is kept.
struct Settings: Sendable, CustomStringConvertible {
  var segmentByteCount = 8 << 10
  var writer = LogConfiguration.TailWriter.automatic
  var kind = FileSystemKind.ext4
  var indexIntervalByteCount = 512
  var segmentAge = Duration.seconds(7 * 86_400)
  var syncPolicy = SyncPolicy.atRoll
  /// Whether the log says with its first change that it is open, as one in a store does.
  var saysOpenLate = false

  func configuration(observer: any LogObserver) -> LogConfiguration {
    var configuration = LogConfiguration()
    configuration.segmentByteCount = segmentByteCount
    configuration.tailWriter = writer
    configuration.indexIntervalByteCount = indexIntervalByteCount
    configuration.segmentAge = segmentAge
    configuration.syncPolicy = syncPolicy
    configuration.observer = observer
    return configuration
  }

  var description: String {
    "segments of \(segmentByteCount) bytes and \(segmentAge), indexed each "
      + "\(indexIntervalByteCount), written \(writer), synced \(syncPolicy)"
      + (saysOpenLate ? ", open with the first change" : "")
  }
}

extension Settings {
  /// Both tail writers, each with segments that a few appends fill.
  static let bothWriters = [
    Settings(writer: .mapped), Settings(writer: .positional),
  ]

  /// The same in a store.
  static let bothWritersInStore = [
    Settings(writer: .mapped, saysOpenLate: true),
    Settings(writer: .positional, saysOpenLate: true),
  ]
}

extension Settings {
  /// Settings by chance.
  init(using random: inout SplitMix) {
    segmentByteCount = 4096 << random.number(below: 4)
    writer = [.automatic, .mapped, .positional][random.number(below: 3)]
    indexIntervalByteCount = [0, 256, 512, 4096][random.number(below: 4)]
    if random.isOne(in: 4) { segmentAge = .seconds(30) }
    syncPolicy =
      [
        .atRoll, .atRoll, .never, .every(recordCount: 1 + random.number(below: 12)),
        .every(.milliseconds(50)), SyncPolicy(recordCount: 5, atRoll: false),
      ][random.number(below: 6)]
  }
}
