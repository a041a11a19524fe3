package import VarveSystem

/// The last operations of a simulated file system, for the report of a seed that failed.
public struct OperationTrace: Sendable {
  /// One line of the trace.
  public struct Entry: Sendable {
    /// Counted from 1 over the life of the file system. What is no operation has that of the last.
    public let number: Int
    let event: Event
    /// What was done, and to what.
    public var text: String {
      switch event {
      case .operation(let operation): "\(operation)"
      case .other(let text): text
      }
    }
    /// How it failed.
    package var errno: Errno?

    /// The error number that it failed with, if it did.
    public var errorNumber: Int32? { errno?.rawValue }
  }

  enum Event: Sendable {
    case operation(SimulatedOperation)
    case other(String)
  }

  private var ring: [Entry] = []
  private var next = 0
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  /// The entries, the oldest first.
  public var entries: [Entry] { Array(ring[next...] + ring[..<next]) }

  mutating func append(_ entry: Entry) {
    if ring.count < limit {
      ring.append(entry)
    } else if limit > 0 {
      ring[next] = entry
      next = (next + 1) % limit
    }
  }
}

extension OperationTrace: CustomStringConvertible {
  /// A line for each operation.
  public var description: String {
    entries.map { entry in
      "#\(entry.number) \(entry.text)" + (entry.errno.map { ": \($0)" } ?? "")
    }.joined(separator: "\n")
  }
}
