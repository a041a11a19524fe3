internal import VarveSystem

/// The logs whose ends are open to be written, of all that a runtime has. Where they are more than the process
/// has descriptors for, those go to rest that came to work first.
final class OpenTails: Sendable {
  fileprivate struct Entry {
    weak var log: Log?
    let id: ObjectIdentifier
    let turn: Int
  }

  fileprivate struct State {
    /// In the order in which they came.
    var queue: [Entry] = []
    /// Those that are at work, and their last entries.
    var turns: [ObjectIdentifier: Int] = [:]
    var lastTurn = 0
  }

  private let limit: Int
  private let state = Lock(State())

  init(limit: Int) { self.limit = limit }

  /// A log that was at rest is at work again. Returns those that are to rest instead; to be called, and
  /// these put to rest, under no lock of a log.
  func didOpen(_ log: Log) -> [Log] {
    state.withLock { state in
      let id = ObjectIdentifier(log)
      state.lastTurn += 1
      state.turns[id] = state.lastTurn
      state.queue.append(Entry(log: log, id: id, turn: state.lastTurn))
      var victims: [Log] = []
      while state.turns.count > limit, let entry = state.takeFirst() {
        state.turns[entry.id] = nil
        if let victim = entry.log { victims.append(victim) }
      }
      // What has rested meanwhile has left its entry.
      if state.queue.count > 2 * (limit + state.turns.count) { state.removeStale() }
      return victims
    }
  }

  /// A log is at rest, or is no more.
  func didRest(_ id: ObjectIdentifier) { state.withLock { $0.turns[id] = nil } }
}

extension OpenTails.State {
  /// The first entry that still holds.
  fileprivate mutating func takeFirst() -> OpenTails.Entry? {
    guard let index = queue.firstIndex(where: { turns[$0.id] == $0.turn }) else { return nil }
    defer { queue.removeSubrange(...index) }
    return queue[index]
  }

  fileprivate mutating func removeStale() {
    let turns = turns
    queue.removeAll { turns[$0.id] != $0.turn }
  }
}
