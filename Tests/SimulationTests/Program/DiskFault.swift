import VarveSystem
import VarveTesting

/// What goes wrong with a disk for a while.
enum DiskFault: Sendable, CustomStringConvertible {
  /// A call fails: the so-and-so-many-th of its kind from now on, and perhaps all that follow.
  case failing(SystemCall?, on: String, number: Int, Errno, fromThenOn: Bool)
  /// So many pages are left.
  case full(pageCount: Int)

  var description: String {
    switch self {
    case .failing(let call, let path, let number, let errno, let fromThenOn):
      "\(call?.rawValue ?? "any call") \(number)\(fromThenOn ? " and all behind" : "")"
        + (path.isEmpty ? "" : " on \(path)") + " fails with \(errno)"
    case .full(let pageCount): "\(pageCount) pages are left"
    }
  }

  func plan(on disk: SimulatedFileSystem) -> FaultPlan {
    switch self {
    case .failing(let call, let path, let number, let errno, let fromThenOn):
      .failing(call, on: path, number: number, with: errno, fromThenOn: fromThenOn)
    case .full(let pageCount): .full(at: disk.usedByteCount + pageCount * 4096)
    }
  }
}

extension DiskFault {
  /// A fault by chance.
  init(using random: inout SplitMix) {
    let number = 1 + random.number(below: 6)
    let fromThenOn = random.isOne(in: 3)
    let errno = [Errno.inputOutput, .inputOutput, .noSpace][random.number(below: 3)]
    switch random.number(below: 12) {
    case 0, 1, 2: self = .full(pageCount: random.number(below: 8))
    case 3: self = .failing(nil, on: "", number: 4 * number, errno, fromThenOn: fromThenOn)
    case 4, 5:
      self = .failing(.syncData, on: ".log", number: number, .inputOutput, fromThenOn: fromThenOn)
    case 6: self = .failing(.syncData, on: "", number: number, errno, fromThenOn: fromThenOn)
    case 7:
      self = .failing(
        .syncDirectory, on: "", number: 1 + number / 3, .inputOutput, fromThenOn: fromThenOn)
    case 8: self = .failing(.write, on: "", number: number, errno, fromThenOn: fromThenOn)
    default:
      let calls: [SystemCall] = [
        .open, .status, .read, .list, .space, .allocate, .truncate, .map, .populate, .rename,
        .unlink,
      ]
      self = .failing(
        calls[random.number(below: calls.count)], on: "", number: number, errno,
        fromThenOn: fromThenOn)
    }
  }
}
