import Varve

@testable import crash_child

/// What a child has told so far.
struct Heard {
  private(set) var hasBegun = false
  /// The log's end when it was opened; nil while it is not.
  private(set) var openedEnd: Offset?
  private(set) var cutByteCount = 0
  private(set) var rollCount = 0
  /// Of each thread, by serial, where its records are.
  private(set) var acknowledged: [[Offset]] = []
  private(set) var acknowledgedCount = 0
  private(set) var batches: [SeenBatch] = []
  /// How many cleanings have begun, and how many have ended by which segments have gone.
  private(set) var begunCleaningCount = 0
  private(set) var cleaningCount = 0
  /// How many of these have left two segments or more of five or more.
  private(set) var largeCleaningCount = 0
  private(set) var isClosing = false
  private(set) var hasFinished = false
  /// What could not be understood, or not be so.
  private(set) var nonsense: [String] = []

  /// The first offset that a follower has not seen.
  var seenEnd: Offset {
    batches.last.map { $0.baseOffset.advanced(by: Int($0.recordCount)) } ?? 0
  }

  mutating func note(_ bytes: UnsafeRawBufferPointer) {
    guard let report = Triple(bytes).flatMap(Report.init) else {
      return nonsense.append("\(Array(bytes)) is no report")
    }
    note(report)
  }

  mutating func note(_ report: Report) {
    switch report {
    case .opening: hasBegun = true
    case .opened(let end): openedEnd = end
    case .recovered(let count): cutByteCount += count
    case .rolled: rollCount += 1
    case .acknowledged(let append): note(append)
    case .seen(let batch): batches.append(batch)
    case .cleaning: begunCleaningCount += 1
    case .cleaned(let count, let written):
      cleaningCount += count > 0 ? 1 : 0
      largeCleaningCount += count >= 5 && written >= 2 ? 1 : 0
    case .closing: isClosing = true
    case .finished: hasFinished = true
    }
  }

  private mutating func note(_ append: Acknowledgement) {
    while acknowledged.count <= append.thread { acknowledged.append([]) }
    guard acknowledged[append.thread].count == append.serial else {
      return nonsense.append("\(append) comes after \(acknowledged[append.thread].count - 1)")
    }
    acknowledged[append.thread].append(append.offset)
    acknowledgedCount += 1
  }
}
