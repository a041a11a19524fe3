internal import Synchronization
internal import VarveSystem

// SAFETY: at any time one thread has the transfer: the task's until it is handed to the loop, then
// the loop's, and a sender's between being handed out and coming back. Each hand-over goes through a
// lock. Only `isCancelled` is reached by others. The continuation is resumed once, by `finish`, which
// forgets it.
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
    /// One of the senders has it.
    case away
  }

  let descriptor: HostDescriptor
  /// Whether calls do not wait for the receiver, so that the loop makes them itself.
  let isDirect: Bool
  private let isFile: Bool
  let isCancelled = Atomic<Bool>(false)

  var phase: Phase
  private var wasJustWaitedFor = false
  private var failure: LogError?
  private var sending: SliceSending?
  private var continuation: UnsafeContinuation<Void, Never>?
  private let outcome = Outcome<Void>()

  init(_ sending: consuming SliceSending) {
    descriptor = sending.descriptor
    isFile = sending.target.kind == .file
    isDirect = sending.target.isNonblocking && !isFile
    // A blocking descriptor is only sent to when it says that it has room; a file always has.
    phase = isDirect || isFile ? .ready : .waiting
    self.sending = consume sending
  }

  /// Takes what is to be told of the end. Before it is handed to the loop.
  func whenOver(_ continuation: UnsafeContinuation<Void, Never>) {
    unsafe self.continuation = continuation
  }

  /// What became of it. For the task, once it goes on.
  func result() throws(LogError) { try outcome.get() }
}

// MARK: Going on

extension Transfer {
  /// Whether there is nothing left to do but to ``finish()``.
  var isOver: Bool {
    failure != nil || sending?.isDone != false || isCancelled.load(ordering: .acquiring)
  }

  /// Sends what the descriptor takes now, up to a turn.
  func takeTurn() {
    do throws(LogError) {
      if try sending?.advance(LogLimits.turnByteCount) == true {
        wasJustWaitedFor = false
        phase = .ready
      } else {
        phase = wasJustWaitedFor ? .resting : .waiting
        wasJustWaitedFor = true
      }
    } catch {
      failure = error
    }
  }

  /// The same for a blocking descriptor that has room: piece by piece, for as long as it has more.
  func takeBlockingTurn() {
    do throws(LogError) {
      var byteCount = 0
      repeat {
        let piece = sending?.pieceByteCount ?? 0
        byteCount += piece
        if try sending?.advance(piece) == false { try sending?.checkForTimeLimit() }
      } while !isOver && byteCount < LogLimits.turnByteCount && descriptor.hasRoom
    } catch {
      failure = error
    }
  }

  /// It is the loop's again.
  func didReturn() { phase = isFile ? .ready : .waiting }

  /// Sends all that is left, on this thread.
  func runInline() throws(LogError) {
    guard !Task.isCancelled else { throw sending?.cancellation ?? .cancelledWait }
    try withoutSIGPIPE { () throws(LogError) in try sending?.finish() }
  }

  /// Lets the task go on that waits. Nobody touches the descriptor or the slice after this.
  func finish() {
    if let failure {
      outcome.set(.failure(failure))
    } else if sending?.isDone == false, let cancellation = sending?.cancellation {
      outcome.set(.failure(cancellation))
    } else {
      outcome.set(.success(()))
    }
    // The task still has the slice: the last of a deleted segment is not given back here.
    sending = nil
    unsafe continuation?.resume()
    unsafe continuation = nil
  }
}

extension HostDescriptor {
  /// Whether it takes bytes now, or is broken.
  fileprivate var hasRoom: Bool { (try? waitUntilWritable(milliseconds: 0)) ?? true }
}
