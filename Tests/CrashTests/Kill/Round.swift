import Varve
import VarveTesting

@testable import crash_child

/// One process from its start to its being killed: all of it follows from the seed, but for what
/// the machine makes of it.
struct Round: Hashable, Sendable, CustomStringConvertible {
  let seed: UInt64
  let segmentByteCount: Int
  let threadCount: Int
  let recordByteCount: Int
  /// What each acknowledgement means.
  let durability: Durability
  let moment: KillMoment
  /// Whether the test recovers the log and looks at it, or leaves that to the next process, which
  /// may be killed at it.
  let isChecked: Bool

  init(seed: UInt64) {
    var random = SplitMix(seed: seed)
    self.seed = seed
    segmentByteCount = [64 << 10, 64 << 10, 256 << 10, 1 << 20][random.number(below: 4)]
    threadCount = 1 + random.number(below: 4)
    let sizes = [40, 200, 1_000, 8_000, 20_000, 50_000, 200_000, 700_000]
    // A batch has to fit into a segment.
    recordByteCount = min(sizes[random.number(below: sizes.count)], segmentByteCount * 3 / 4)
    moment = KillMoment(&random)
    isChecked = !random.isOne(in: 3)
    durability = random.isOne(in: 3) ? .durable : .published
  }

  /// The most appends, so that they stay within a few score MiB.
  var appendLimit: Int { min(50_000, (64 << 20) / recordByteCount) }

  func appending(to directory: String, _ place: CrashPlace) -> Appending {
    var appending = Appending(
      directory: directory, writer: place.writer, segmentByteCount: segmentByteCount,
      threadCount: threadCount, recordByteCount: recordByteCount, seed: seed)
    appending.durability = durability
    return appending
  }

  var description: String {
    "seed \(seed): \(durability), \(threadCount) threads, values up to \(recordByteCount), segments of "
      + "\(segmentByteCount), killed \(moment)"
  }
}
