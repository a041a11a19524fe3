internal import CVarveSystem

/// A thread of our own: named, deaf to signals but those of its own faults, and joined by whoever
/// started it, or ``detached(named:_:)``.
///
/// Not a task: what it does may block on a device, and the cooperative pool has as many threads as
/// there are cores. Not Dispatch's: the kernel cancels what a thread asked of a ring when that
/// thread ends.
package struct OwnedThread: Sendable {
  private let handle: UInt64

  /// Starts a thread that calls `body`. Only the first 15 bytes of the name are kept.
  package init(
    named name: String, _ body: @escaping @Sendable () -> Void
  ) throws(SystemError) {
    let start = unsafe Unmanaged.passRetained(ThreadBody(body))
    var handle: UInt64 = 0
    do throws(SystemError) {
      _ = try SystemCall.startThread.perform {
        unsafe varve_thread_start(
          name,
          { context in
            // SAFETY: the one reference that was passed to the one thread.
            let body = unsafe Unmanaged<ThreadBody>.fromOpaque(context.unsafelyUnwrapped)
            unsafe body.takeRetainedValue().run()
          }, start.toOpaque(), &handle)
      }
    } catch {
      unsafe start.release()
      throw error
    }
    self.handle = handle
  }

  /// Starts a thread that nobody waits for: it gives back what it has when `body` returns.
  package static func detached(
    named name: String, _ body: @escaping @Sendable () -> Void
  ) throws(SystemError) {
    let thread = try OwnedThread(named: name, body)
    _ = varve_thread_detach(thread.handle)
  }

  /// Waits until the thread's body has returned. To be called once: until then its stack stays.
  package func join() { _ = varve_thread_join(handle) }

  /// Whether the calling thread blocks a signal.
  package static func blocks(signal: Int32) -> Bool { varve_thread_blocks(signal) == 1 }

  /// The calling thread's name.
  package static var currentName: String {
    var text = InlineArray<16, CChar>(repeating: 0)
    // SAFETY: 16 bytes, as the call asks for; it ends them with a zero.
    return unsafe withUnsafeMutableBytes(of: &text) { bytes in
      let start = unsafe bytes.assumingMemoryBound(to: CChar.self).baseAddress.unsafelyUnwrapped
      _ = unsafe varve_thread_name(start)
      return unsafe String(cString: start)
    }
  }
}

private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
