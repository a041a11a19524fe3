import VarveTesting

/// What is done to a log in a simulation, as data: a failing program can be printed and shortened.
enum Step: Sendable, CustomStringConvertible {
  /// Appends records with values of so many bytes, as one batch.
  case append([Int], AppendForm)
  /// Lets the runtime look after the log so many times, as long as there is something to do.
  case maintain(Int)
  case pass(milliseconds: Int)
  /// Brings to the disk what there is.
  case flush
  /// Compares all that is there.
  case scan
  /// Compares some records, by offset and by time, drawn from the seed.
  case lookUp(seed: UInt64)
  /// Closes the log, compares what it leaves, and perhaps opens and closes it once more for nothing.
  case close(isRepeated: Bool)
  /// Opens the log if it is not open. All other steps do that too.
  case open
  /// Takes a slice from somewhere and keeps it, to be compared with itself later.
  case hold(seed: UInt64)
  /// Begins the reign of another leader.
  case lead
  /// Cuts the log so many offsets before its end.
  case truncate(back: Int)
  /// Removes all, and lets the log begin anew so far behind its end, or with a segment before that.
  case restart(Int)
  /// Deletes the records up to so many offsets before its end.
  case deleteRecords(back: Int)
  /// A producer does something.
  case produce(Int, ProducerDeed)
  /// Compares what readers of committed records get, from somewhere on.
  case readCommitted(seed: UInt64)
  /// Lets go of all slices that are kept.
  case release
  /// Somebody takes away the index files of the first segment, while the log is closed.
  case loseIndexes
  /// Lets go of the log without closing it, in a process that goes on.
  case abandon
  /// Something goes wrong with the disk, until it is mended.
  case fail(DiskFault)
  case mend
  /// Ends the process's life when so many more operations have changed something; at once, if 0.
  case crash(CrashPlan, after: Int)

  var description: String {
    switch self {
    case .append(let sizes, let form): "append \(form) \(sizes)"
    case .maintain(let count): "maintain \(count)"
    case .pass(let milliseconds): "pass \(milliseconds) ms"
    case .flush: "flush"
    case .scan: "scan"
    case .lookUp(let seed): "look up, seed \(seed)"
    case .close(let isRepeated): isRepeated ? "close, open, close" : "close"
    case .open: "open"
    case .hold(let seed): "hold a slice, seed \(seed)"
    case .lead: "lead"
    case .truncate(let count): "truncate \(count) back"
    case .restart(let distance): "begin anew, \(distance) from the end"
    case .deleteRecords(let count): "delete up to \(count) back"
    case .produce(let id, let deed): "producer \(id): \(deed)"
    case .readCommitted(let seed): "read what is committed, seed \(seed)"
    case .release: "release the slices"
    case .loseIndexes: "lose the first segment's indexes"
    case .abandon: "abandon"
    case .fail(let fault): "the disk: \(fault)"
    case .mend: "the disk is mended"
    case .crash(let plan, let count): "\(plan) after \(count)"
    }
  }
}

/// The ways into a log.
enum AppendForm: Sendable, CaseIterable {
  /// One record, borrowed.
  case spans
  /// Records as values.
  case records
  /// A batch that was built before.
  case batch
  /// The bytes of a batch as a producer sends them.
  case produced
  /// Records as values, and waits until they are on the disk.
  case durable
}

/// A way for a life to end.
struct CrashPlan: Sendable, CustomStringConvertible {
  var crash: Crash
  /// Decides what a power cut keeps, and how the log is opened afterwards.
  var seed: UInt64

  /// With these, the log is not opened at once, but by the step that needs it.
  static let plainSeeds = (UInt64.max - 15)...UInt64.max
  static let plainSeed = UInt64.max

  var description: String { "\(crash) with seed \(seed)" }
}
