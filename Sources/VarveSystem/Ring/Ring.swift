internal import CVarveSystem

// SAFETY: the memory is the C layer's, from `init` until `deinit`; the ring cannot be copied, and the
// thread that made it alone has it.
/// Requests to the kernel to move bytes, which threads of the kernel's carry out.
///
/// It belongs to the thread that made it. That thread must not end before the ring does: the kernel
/// cancels what a thread asked for when it ends.
@safe
package struct Ring: ~Copyable {
  /// By which a request is told from others. Each is used once: a wish to cancel may come late.
  package typealias Tag = UInt64

  /// What became of a request.
  package struct Completion: Hashable, Sendable {
    package let tag: Tag
    package let outcome: Outcome

    package enum Outcome: Hashable, Sendable {
      /// So many bytes were moved: 0 at the end of a file.
      case moved(Int)
      /// It was cancelled, or was linked to one that moved less than it was to.
      case cancelled
      case failed(Errno)
    }
  }

  private let ring: OpaquePointer

  /// - Parameters:
  ///   - entryCount: How many requests fit in before ``submit()``.
  ///   - workerCount: How many threads the kernel may start for them, of either kind: those that wait
  ///     for devices and those that wait for peers.
  package init(entryCount: Int, workerCount: Int) throws(SystemError) {
    var ring: OpaquePointer?
    _ = try SystemCall.setUpRing.perform {
      unsafe varve_ring_open(&ring, UInt32(entryCount), UInt32(workerCount))
    }
    unsafe self.ring = ring.unsafelyUnwrapped
  }

  deinit { unsafe varve_ring_close(ring) }

  /// Can be read from when ``next()`` has something to tell.
  package var descriptor: Descriptor {
    Descriptor(rawValue: unsafe varve_ring_descriptor(ring))
  }
}

extension Ring {
  /// Asks for bytes of a file to be put into a pipe.
  ///
  /// - Parameter isLinked: Whether the next request is to begin when this one has moved all of them.
  /// - Returns: False where there is no room for another request before ``submit()``.
  package mutating func splice(
    from file: Descriptor, at position: Int, count: Int, into pipe: HostDescriptor,
    isLinked: Bool, tag: Tag
  ) -> Bool {
    unsafe varve_ring_splice(
      ring, file.rawValue, Int64(position), pipe.rawValue, UInt32(count), isLinked ? 1 : 0, tag)
      == 0
  }

  /// Asks for bytes that lie in a pipe to be sent.
  ///
  /// - Returns: False where there is no room for another request before ``submit()``.
  package mutating func splice(
    from pipe: Descriptor, count: Int, to target: HostDescriptor, tag: Tag
  ) -> Bool {
    unsafe varve_ring_splice(ring, pipe.rawValue, -1, target.rawValue, UInt32(count), 0, tag) == 0
  }

  /// Asks for a request to be ended. It ends in any case, in its own way: see ``next()``.
  ///
  /// - Returns: False where there is no room for another request before ``submit()``.
  package mutating func cancel(_ tag: Tag) -> Bool {
    unsafe varve_ring_cancel(ring, tag) == 0
  }

  /// Hands over what was asked for.
  package mutating func submit() throws(SystemError) {
    _ = try SystemCall.enterRing.perform { unsafe varve_ring_submit(ring) }
  }

  /// A request that is done; nil if no other is.
  package mutating func next() -> Completion? {
    var (tag, result): (Tag, Int32) = (0, 0)
    guard unsafe varve_ring_next(ring, &tag, &result) == 1 else { return nil }
    return Completion(tag: tag, outcome: Self.outcome(result))
  }

  /// From ERESTARTSYS to ERESTART_RESTARTBLOCK.
  private static let internalInterruptions: ClosedRange<Int32> = 512...516

  private static func outcome(_ result: Int32) -> Completion.Outcome {
    guard result < 0 else { return .moved(Int(result)) }
    let errno = Errno(rawValue: -result)
    // What a signal's way of interrupting calls to be made again is within the kernel, and leaks out
    // of its own threads: a cancelled wait for a blocking socket ends like this.
    if internalInterruptions.contains(-result) { return .failed(.interrupted) }
    return errno == .cancelled ? .cancelled : .failed(errno)
  }
}
