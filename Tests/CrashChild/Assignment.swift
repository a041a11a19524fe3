import Varve

/// What a child is to do, as it is told on its command line.
enum Assignment: Hashable, Sendable {
  case append(Appending)
  case follow(Following)
  case compact(Compacting)

  init(_ arguments: some Collection<String>) throws(Refusal) {
    let settings = Settings(arguments.dropFirst())
    switch arguments.first {
    case "append": self = .append(try Appending(settings))
    case "follow": self = .follow(try Following(settings))
    case "compact": self = .compact(try Compacting(settings))
    default:
      throw .usage("a child is to append, follow or compact, and not to \(arguments.first ?? "")")
    }
  }

  var arguments: [String] {
    switch self {
    case .append(let appending): ["append"] + appending.arguments
    case .follow(let following): ["follow"] + following.arguments
    case .compact(let compacting): ["compact"] + compacting.arguments
    }
  }
}

/// To open the log in a directory and append to it from several threads, and to close it when the
/// control pipe is closed.
struct Appending: Hashable, Sendable {
  var directory: String
  var writer: LogConfiguration.TailWriter
  var segmentByteCount: Int
  var threadCount: Int
  /// The most bytes of a value; the least are half of them.
  var recordByteCount: Int
  /// What tells this child's records from all others.
  var seed: UInt64
  /// What is waited for before an append is reported.
  var durability: Durability = .published
  /// Where it reports to.
  var reports: Int32 = ReportPipe.usualDescriptor
  /// A pipe whose other end is the test's.
  var control: Int32 = Control.usualDescriptor
}

extension Appending {
  fileprivate init(_ settings: Settings) throws(Refusal) {
    directory = try settings.text("directory")
    writer = try settings.writer
    segmentByteCount = try settings.number("segment")
    threadCount = try settings.number("threads")
    recordByteCount = try settings.number("record")
    seed = try settings.number("seed")
    let name = try settings.text("durability")
    switch name {
    case "published": durability = .published
    case "durable": durability = .durable
    default: throw .usage("there is no durability \(name)")
    }
    reports = try settings.number("reports")
    control = try settings.number("control")
  }

  fileprivate var arguments: [String] {
    [
      "directory=\(directory)", "writer=\(writer)", "segment=\(segmentByteCount)",
      "threads=\(threadCount)", "record=\(recordByteCount)", "seed=\(seed)",
      "durability=\(durability)", "reports=\(reports)", "control=\(control)",
    ]
  }
}

/// To read what another process appends to the log in a directory, until the control pipe is closed.
struct Following: Hashable, Sendable {
  var directory: String
  var reports: Int32 = ReportPipe.usualDescriptor
  /// A pipe whose other end is the test's.
  var control: Int32 = Control.usualDescriptor
}

extension Following {
  fileprivate init(_ settings: Settings) throws(Refusal) {
    directory = try settings.text("directory")
    reports = try settings.number("reports")
    control = try settings.number("control")
  }

  fileprivate var arguments: [String] {
    ["directory=\(directory)", "reports=\(reports)", "control=\(control)"]
  }
}
