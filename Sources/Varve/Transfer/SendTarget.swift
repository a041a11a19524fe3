internal import VarveSystem

/// Where slices are sent to, of which the host says that it stays what it is.
///
/// With a bare descriptor each send finds out anew what that is and whether calls wait for it, since the host
/// may have changed that: several system calls, which take as long as a small send does. A host that serves a
/// connection for long has it found out once:
///
/// ```swift
/// let target = try SendTarget(socket)
/// while let slice = try await reader.waitForSlice(after: last) {
///   try await reader.send(slice, to: target)
///   last = slice
/// }
/// ```
///
/// It is good for as long as the descriptor stays open, as it is: once it was closed, the same number may be
/// another's. If the process ignored SIGPIPE when the target was made, it is taken to go on doing so; otherwise
/// the signal is kept away with each send, as it is with a bare descriptor.
public struct SendTarget: Hashable, Sendable {
  /// The descriptor, which stays the caller's.
  public let descriptor: Int32

  /// What was found out; nil where each send is to do so.
  private let known: Known?

  private struct Known: Hashable, Sendable {
    var facts: HostDescriptor.Facts
    var isSignalIgnored: Bool
  }

  /// Finds out what a descriptor is: a stream socket, a pipe or a file, blocking or not.
  ///
  /// - Throws: ``LogError/Code/invalidArgument`` where it is no open descriptor, or a socket of messages.
  public init(_ descriptor: Int32) throws(LogError) {
    let facts = try SendTarget(askedEachTime: descriptor).facts()
    self.descriptor = descriptor
    known = Known(facts: facts, isSignalIgnored: BrokenPipeSignal.isIgnored)
  }

  /// One that each send asks.
  init(askedEachTime descriptor: Int32) {
    self.descriptor = descriptor
    known = nil
  }
}

// MARK: For who sends

extension SendTarget {
  var host: HostDescriptor { HostDescriptor(rawValue: descriptor) }

  /// - Parameter wantsWaiting: Whether the answer must be right in whether calls wait for room.
  func facts(wantsWaiting: Bool = true) throws(LogError) -> HostDescriptor.Facts {
    if let known { return known.facts }
    let facts: HostDescriptor.Facts
    do throws(SystemError) {
      facts = try host.facts(wantsWaiting: wantsWaiting)
    } catch {
      throw LogError(error, "send to the descriptor \(descriptor)")
    }
    // A slice goes out in pieces as they fit, and each would be a message.
    guard facts.kind != .messages else {
      throw LogError(
        .invalidArgument,
        "the descriptor \(descriptor) is a socket of messages, and not of a stream")
    }
    return facts
  }

  /// Whether calls return instead of waiting for room.
  var isNonblocking: Bool {
    known?.facts.isNonblocking ?? (try? host.isNonblocking()) ?? false
  }

  /// Whether a receiver that is gone raises no signal anyway.
  var isSignalIgnored: Bool { known?.isSignalIgnored ?? false }

  /// Calls `body`, which sends, and keeps the signal away if need be.
  func withoutSignal<Value>(_ body: () throws(LogError) -> Value) throws(LogError) -> Value {
    isSignalIgnored ? try body() : try withoutSIGPIPE(body)
  }
}
