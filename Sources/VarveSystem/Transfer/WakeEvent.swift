internal import CVarveSystem

/// What wakes a thread that waits for descriptors: see ``PollSet``.
package final class WakeEvent: Sendable {
  package let descriptor: Descriptor

  package init() throws(SystemError) {
    descriptor = Descriptor(rawValue: try SystemCall.makeEvent.perform { varve_event_make() })
  }

  deinit { _ = varve_close(descriptor.rawValue) }

  /// Wakes whoever waits now, or else whoever waits next.
  package func signal() {
    // Can fail only by being interrupted before anything was done.
    while varve_event_signal(descriptor.rawValue) == -Errno.interrupted.rawValue {}
  }

  /// Takes all signals back. What they were given for is to be looked at after this.
  package func clear() {
    while varve_event_clear(descriptor.rawValue) == -Errno.interrupted.rawValue {}
  }
}
