internal import Synchronization
internal import VarveSystem

// SAFETY: at any time one thread has the transfer: the task's until it is handed to the loop, then
// the loop's, and another one's between being handed out and coming back. Each hand-over goes through
// a lock. Only `isCancelled` is reached by others.
/// A send that a task waits for.
@safe
final class Transfer: @unchecked Sendable {
  /// What is to be done next, as the loop sees it.
  enum Phase {
    /// It may go on.
    case ready
    /// Its descriptor is waited for.
    case waiting
    /// Its descriptor said that it takes bytes, and took none: it is left alone for a moment.
    case resting
    /// It may go on once the ring has done something else.
    case queued
    /// The ring has it.
    case inRing
    /// Another thread has it.
    case away
  }

  let descriptor: HostDescriptor
  /// Whether calls do not wait for the receiver, so that the loop makes them itself.
  let isDirect: Bool
  let isFile: Bool
  let isCancelled = Atomic<Bool>(false)

  var phase: Phase
  /// What it is to be once it comes back.
  private var phaseAfterwards = Phase.waiting
  private var wasJustWaitedFor = false
  var flight: RingFlight?
  var failure: LogError?
  var sending: SliceSending?
  private var countdown: Countdown?
  private var outcome: Result<Void, LogError> = .success(())

  init(_ sending: consuming SliceSending) {
    descriptor = sending.descriptor
    isFile = sending.target.kind == .file
    isDirect = sending.target.isNonblocking && !isFile
    // A blocking descriptor is only sent to when it says that it has room; a file always has.
    phase = isDirect || isFile ? .ready : .waiting
    self.sending = consume sending
  }

  /// Takes what is to be told of the end. Before it is handed to the loop.
  func whenOver(_ countdown: Countdown) { self.countdown = countdown }

  /// What became of it. For the task, once it goes on.
  var result: Result<Void, LogError> { outcome }
}

// MARK: Going on

extension Transfer {
  /// Whether there is nothing left to do but to ``finish()``.
  var isOver: Bool { failure != nil || sending?.isDone != false || isBeingCancelled }

  var isBeingCancelled: Bool { isCancelled.load(ordering: .acquiring) }

  /// Sends what the descriptor takes now, up to a turn.
  func takeTurn() { phase = turn() }

  /// The same on another thread, for what may wait for a device.
  func takeTurnAway() { phaseAfterwards = turn() }

  private func turn() -> Phase {
    guard failure == nil else { return .ready }
    do throws(LogError) {
      let took = try sending?.advance(LogLimits.turnByteCount) == true
      // Many may wait with bytes in their pipes, and each pipe can be filled again.
      if !took { sending?.giveUpPipeIfRare() }
      return phase(took: took)
    } catch {
      failure = error
      return .ready
    }
  }

  /// What comes after the descriptor took bytes, or did not.
  func phase(took any: Bool) -> Phase {
    defer { wasJustWaitedFor = !any }
    guard !any else { return .ready }
    return wasJustWaitedFor ? .resting : .waiting
  }

  /// The same for a blocking descriptor that has room: piece by piece, for as long as it has more.
  func takeBlockingTurn() {
    phaseAfterwards = .waiting
    do throws(LogError) {
      var byteCount = 0
      while true {
        let piece = sending?.pieceByteCount ?? 0
        byteCount += piece
        if try sending?.advance(piece) == false { try sending?.checkForTimeLimit() }
        guard !isOver, byteCount < LogLimits.turnByteCount, try hasRoom() else { return }
      }
    } catch {
      failure = error
    }
  }

  /// Something was found of the descriptor that it waits for.
  func didFind(_ finding: PollFinding) {
    // One that a call does not wait for is asked by a call.
    guard !isDirect else { return phase = .ready }
    do throws(LogError) {
      phase = try sending?.takes(after: finding) == true ? .ready : .resting
    } catch {
      failure = error
    }
  }

  private func hasRoom() throws(LogError) -> Bool { try sending?.hasRoom() == true }

  /// It is the loop's again.
  func didReturn() { phase = phaseAfterwards }

  /// Sends all that is left, on this thread.
  func runInline() -> Result<Void, LogError> {
    do throws(LogError) {
      guard !Task.isCancelled else { throw sending?.cancellation ?? .cancelledWait }
      return .success(try withoutSIGPIPE { () throws(LogError) in try sending?.finish() ?? () })
    } catch {
      return .failure(error)
    }
  }

  /// Lets the task go on that waits. Nobody touches the descriptor or the slice after this.
  func finish() {
    countdown?.countDown {
      if let failure {
        outcome = .failure(failure)
      } else if sending?.isDone == false, let cancellation = sending?.cancellation {
        outcome = .failure(cancellation)
      }
      // The task still has the slice: the last of a deleted segment is not given back here.
      sending = nil
    }
    countdown = nil
  }
}
