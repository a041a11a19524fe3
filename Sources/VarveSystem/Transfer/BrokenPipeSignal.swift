internal import CVarveSystem

/// Calls `body` so that sending to a descriptor whose reader is gone throws `EPIPE` and does not
/// signal the process, whatever the host does with SIGPIPE.
///
/// The signal goes to the thread that sends: it is blocked there for the call, and what `body`
/// raised is taken away before it is let through again. Four system calls at the most; a thread
/// that blocks SIGPIPE for good, as an ``OwnedThread`` does, has no use for them.
package func withoutSIGPIPE<Result: ~Copyable, E: Error>(
  _ body: () throws(E) -> Result
) throws(E) -> Result {
  // Cannot fail: the kernel refuses only masks and ways to set them that it does not know.
  let wasBlocked = varve_sigpipe_block()
  defer { varve_sigpipe_restore(wasBlocked) }
  return try body()
}

/// The process's own ways with SIGPIPE.
package enum BrokenPipeSignal {
  /// Whether it ignores it, so that there is nothing to keep away.
  package static var isIgnored: Bool { varve_sigpipe_is_ignored() != 0 }
}
