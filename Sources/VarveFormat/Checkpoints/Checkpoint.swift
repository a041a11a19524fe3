/// A line of a text checkpoint: fields of ASCII, apart by spaces.
public protocol CheckpointEntry: Hashable, Sendable {
  /// Reads the fields of a line; nil where they are not an entry's.
  init?(fields: [Substring])
  /// The fields as they are written.
  var line: String { get }
}

/// A text that Kafka keeps beside its logs: a version, a count, and a line for each entry.
///
/// It is written whole: see the decision about small files for how.
public struct Checkpoint<Entry: CheckpointEntry>: Hashable, Sendable {
  /// The entries, in the order of their lines.
  public var entries: [Entry]

  /// A checkpoint.
  public init(_ entries: [Entry] = []) { self.entries = entries }
}

extension Checkpoint {
  /// The one version that there is.
  private static var version: String { "0" }

  /// Reads a checkpoint. An empty text, and one of a version alone, has no entries.
  ///
  /// - Throws: ``LogError/Code/corrupt`` with the rule and where the line begins,
  ///   ``LogError/Code/unsupported`` for a version that is not known.
  public init(parsing bytes: RawSpan) throws(LogError) {
    entries = []
    var lines = TextLines(bytes)
    guard let version = try lines.next() else { return }
    guard let number = Int32(version.text) else { throw version.breach(.checkpointLine) }
    guard number == 0 else { throw version.breach(.fileVersion) }
    guard let header = try lines.next() else { return }
    guard let count = Int32(header.text) else { throw header.breach(.checkpointLine) }
    while let line = try lines.next() {
      // Before there is more in memory than was promised.
      guard entries.count < count else { throw line.breach(.checkpointCount) }
      guard let entry = Entry(fields: line.fields) else { throw line.breach(.checkpointLine) }
      entries.append(entry)
    }
    guard entries.count == count else { throw header.breach(.checkpointCount) }
  }

  /// The text's bytes, as Kafka writes them.
  public var encoded: [UInt8] {
    var text = "\(Self.version)\n\(entries.count)\n"
    for entry in entries {
      text += entry.line
      text += "\n"
    }
    return Array(text.utf8)
  }
}
