import BenchHarness
import Varve

/// Who sends: a thread that waits, or a task.
enum SendCaller: String, CaseIterable { case thread, task }

/// Sends one slice after the other to one descriptor.
struct SendLoop: Sendable {
  /// What is known of the descriptor.
  enum Target: Sendable {
    /// Once for all sends.
    case kept(SendTarget)
    /// Nothing, so that each send asks.
    case asked(Int32)
  }

  let reader: ZeroCopyReader
  let slices: [LogSlice]
  let target: Target
  let caller: SendCaller

  func send(_ times: Int) throws {
    switch caller {
    case .thread: for number in 0..<times { try send(slice(number)) }
    case .task: try blocking { for number in 0..<times { try await sendInTask(slice(number)) } }
    }
  }

  private func slice(_ number: Int) -> LogSlice { slices[number % slices.count] }

  private func send(_ slice: LogSlice) throws {
    switch target {
    case .kept(let target): try reader.send(slice, to: target)
    case .asked(let descriptor): try reader.send(slice, to: descriptor)
    }
  }

  private func sendInTask(_ slice: LogSlice) async throws {
    switch target {
    case .kept(let target): try await reader.send(slice, to: target)
    case .asked(let descriptor): try await reader.send(slice, to: descriptor)
    }
  }
}
