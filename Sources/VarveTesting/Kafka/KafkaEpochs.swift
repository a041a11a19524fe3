internal import VarveFormat

/// What Kafka knows of leaders' reigns, and the file that it keeps it in.
struct KafkaEpochs {
  static let fileName = "leader-epoch-checkpoint"

  typealias Entry = KafkaLoaderModel.LeaderEpochStart

  /// By epoch.
  private(set) var entries: [Entry] = []

  init() {}

  /// Reads the checkpoint. An empty one, or one of the version alone, has no entries.
  init(parsing bytes: [UInt8]) throws(KafkaLoaderModel.Failure) {
    var lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    // The last line has an end, and there is none behind it.
    if lines.last?.isEmpty == true { lines.removeLast() }
    guard let version = lines.first else { return }
    guard version == "0" else { throw .leaderEpochs(line: 1) }
    guard lines.count > 1 else { return }
    guard let count = Int(lines[1]) else { throw .leaderEpochs(line: 2) }
    for (number, line) in lines.enumerated().dropFirst(2) {
      let fields = line.split(whereSeparator: \.isWhitespace)
      guard fields.count == 2, let epoch = Int32(fields[0]), let start = Int64(fields[1]) else {
        throw .leaderEpochs(line: number + 1)
      }
      entries.append(
        Entry(epoch: LeaderEpoch(rawValue: epoch), startOffset: Offset(rawValue: start)))
    }
    guard entries.count == count else { throw .leaderEpochs(line: 2) }
    entries.sort { $0.epoch < $1.epoch }
  }

  /// The checkpoint's text.
  var text: [UInt8] {
    let lines = entries.map { "\($0.epoch.rawValue) \($0.startOffset)\n" }.joined()
    return Array("0\n\(entries.count)\n\(lines)".utf8)
  }

  /// Takes note of a batch's epoch, if it is new. False if there was nothing to note.
  mutating func assign(_ epoch: LeaderEpoch, at start: Offset) -> Bool {
    guard epoch.rawValue >= 0, entries.last.map({ epoch > $0.epoch }) ?? true else { return false }
    // A reign that begins no later than one before it has taken its place.
    while let last = entries.last, last.startOffset >= start { entries.removeLast() }
    entries.append(Entry(epoch: epoch, startOffset: start))
    return true
  }

  /// Drops reigns that begin at the log's end or behind it. False if there was none.
  mutating func truncate(fromEnd end: Offset) -> Bool {
    let count = entries.count
    entries.removeAll { $0.startOffset >= end }
    return entries.count < count
  }

  /// Lets the reign in which the log starts begin there. False if none had begun by then.
  mutating func truncate(fromStart start: Offset) -> Bool {
    guard let current = entries.lastIndex(where: { $0.startOffset <= start }) else { return false }
    entries[current] = Entry(epoch: entries[current].epoch, startOffset: start)
    entries.removeFirst(current)
    return true
  }

  mutating func clear() { entries = [] }
}
