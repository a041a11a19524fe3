import Foundation
import VarveSystem

@testable import crash_child

/// Takes a child's reports from its pipe as they come, so that the child never waits for the test.
final class ReportReader: Sendable {
  private struct State {
    var heard = Heard()
    var isAtEnd = false
  }

  private let descriptor: Int32
  private let state = Lock(State())

  init(descriptor: Int32) { self.descriptor = descriptor }

  func ask<Value>(_ body: (borrowing Heard) -> Value) -> Value {
    state.withLock { body($0.heard) }
  }

  /// Whether nothing more can come.
  var isAtEnd: Bool { state.withLock { $0.isAtEnd } }

  func start() throws {
    try OwnedThread.detached(named: "crash-reports") { [self] in
      read()
      close(descriptor)
      state.withLock { $0.isAtEnd = true }
    }
  }

  private func read() {
    var bytes = [UInt8](repeating: 0, count: Report.byteCount * 1024)
    var filledCount = 0
    while true {
      let count = bytes.withUnsafeMutableBytes { memory in
        Foundation.read(descriptor, memory.baseAddress! + filledCount, memory.count - filledCount)
      }
      guard count > 0 else {
        if count < 0, errno == EINTR { continue }
        return
      }
      filledCount = take(&bytes, filledCount + count)
    }
  }

  /// Takes whole reports, and returns how many bytes are left of one that is not.
  private func take(_ bytes: inout [UInt8], _ count: Int) -> Int {
    let whole = count / Report.byteCount * Report.byteCount
    bytes.withUnsafeMutableBytes { memory in
      state.withLock { state in
        for start in stride(from: 0, to: whole, by: Report.byteCount) {
          state.heard.note(
            UnsafeRawBufferPointer(rebasing: memory[start..<start + Report.byteCount]))
        }
      }
      memory.copyBytes(from: memory[whole..<count])
    }
    return count - whole
  }
}
