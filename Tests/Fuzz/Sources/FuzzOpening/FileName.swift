import FuzzSupport
import Varve

/// Names that files in a log's directory have, or nearly.
enum FileName {
  private static let others = [
    "varve.side", "varve.cut", "varve.holder", ".lock", "varve.side-new", "varve-cut-new",
    "leader-epoch-checkpoint", "leader-epoch-checkpoint.tmp", "partition.metadata", "varve-",
    "varve-spare.1", "varve-spare.2", "varve-spare.0", "varve-spare.9223372036854775806",
    "varve-spare.01", "notes.txt", "00000000000000000000.log.bak",
    "00000000000000000000-0000000001.checkpoint",
  ]

  private static let kinds: [SegmentFileName.Kind] = [
    .log, .log, .log, .offsetIndex, .timeIndex, .transactionIndex, .producerSnapshot,
  ]

  static func any(_ input: inout FuzzInput) -> String {
    let choice = input.choice(256)
    guard choice >= others.count else { return others[choice] }
    let kind = kinds[choice % kinds.count]
    let transitions: [SegmentFileName.Transition?] = [nil, nil, nil, .cleaned, .swap, .deleted]
    return SegmentFileName(
      offset(&input), kind, transition: input.element(of: transitions)
    ).description
  }

  private static func offset(_ input: inout FuzzInput) -> Offset {
    let choice = input.choice(64)
    switch choice {
    case ..<48: return Offset(rawValue: Int64(choice))
    case ..<56: return Offset(rawValue: Int64.max - Int64(choice - 48))
    default: return Offset(rawValue: input.extremeInteger(Int64.self) & .max)
    }
  }
}
