internal import Varve
internal import VarveSystem

/// Lines of what is read, without their ends.
final class LineReader: Sendable {
  private struct State {
    var bytes: [UInt8] = []
    var position = 0
    var isAtEnd = false
  }

  private let state = Lock(State())
  /// Some more bytes; none at the end.
  private let source: @Sendable () throws(CommandError) -> [UInt8]

  init(_ source: @escaping @Sendable () throws(CommandError) -> [UInt8]) { self.source = source }

  /// The next line; nil behind the last one. One without an end counts, too.
  func next() throws(CommandError) -> [UInt8]? {
    try state.withLock { state throws(CommandError) in
      while true {
        if let end = state.bytes[state.position...].firstIndex(of: UInt8(ascii: "\n")) {
          defer { state.position = end + 1 }
          return Array(state.bytes[state.position..<end])
        }
        if state.isAtEnd {
          guard state.position < state.bytes.count else { return nil }
          defer { state.position = state.bytes.count }
          return Array(state.bytes[state.position...])
        }
        state.bytes.removeFirst(state.position)
        state.position = 0
        let more = try source()
        state.isAtEnd = more.isEmpty
        state.bytes += more
      }
    }
  }
}
