internal import Varve
internal import VarveSystem

/// Gathers what is written, so that it goes out in large pieces.
final class Printer: Sendable {
  private struct State {
    var bytes: [UInt8] = []
    var isBroken = false
  }

  private let state = Lock(State())
  private let sink: @Sendable ([UInt8]) -> Bool
  private let limit: Int

  /// Bytes that are gathered before they go out.
  static let pieceByteCount = 64 << 10

  /// - Parameters:
  ///   - limit: How many bytes are gathered; 0 where each piece goes out at once.
  ///   - sink: Takes bytes; false if nobody reads them any more.
  init(limit: Int = Printer.pieceByteCount, _ sink: @escaping @Sendable ([UInt8]) -> Bool) {
    self.limit = limit
    self.sink = sink
  }

  /// Whether whoever read it has gone: nothing more need be done.
  var isBroken: Bool { state.withLock { $0.isBroken } }

  func write(_ text: String) { write(Array(text.utf8)) }

  func write(_ bytes: [UInt8]) {
    state.withLock { state in
      state.bytes += bytes
      if state.bytes.count > limit { send(&state) }
    }
  }

  func flush() { state.withLock { send(&$0) } }

  private func send(_ state: inout State) {
    guard !state.bytes.isEmpty else { return }
    if !state.isBroken { state.isBroken = !sink(state.bytes) }
    state.bytes.removeAll(keepingCapacity: true)
  }
}
