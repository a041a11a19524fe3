internal import CVarveSystem

/// A thread of our own: named, deaf to signals but those of its own faults, and joined or let go by
/// whoever started it.
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

  /// Waits until the thread's body has returned. To be called once.
  package func join() { _ = varve_thread_join(handle) }

  /// Lets the thread go its own way: nobody joins it, and what it had is given back when it ends.
  /// To be called once, in place of ``join()``.
  package func detach() { _ = varve_thread_detach(handle) }

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
