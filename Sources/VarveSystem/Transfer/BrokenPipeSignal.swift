

/// The process's own ways with SIGPIPE.
package enum BrokenPipeSignal {
  /// Whether it ignores it, so that there is nothing to keep away.
  package static var isIgnored: Bool { varve_sigpipe_is_ignored() != 0 }
}
