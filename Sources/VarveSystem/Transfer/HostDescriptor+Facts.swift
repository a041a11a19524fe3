internal import CVarveSystem

extension HostDescriptor {
  /// What bytes are sent to, and how it takes them.
  package struct Facts: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
      /// A socket of a stream.
      case socket
      case pipe, file, other
      /// A socket that sends each piece as a message of its own.
      case messages
    }

    package var kind: Kind
    /// Whether calls return instead of waiting for room.
    package var isNonblocking: Bool
    /// Whether each write goes to the end of the file, wherever that is by then.
    package var isAppending: Bool
    /// Whether it is a socket of the UNIX kind, which passes pages on as they are.
    package var isLocal: Bool

    package init(
      kind: Kind, isNonblocking: Bool = false, isAppending: Bool = false, isLocal: Bool = false
    ) {
      self.kind = kind
      self.isNonblocking = isNonblocking
      self.isAppending = isAppending
      self.isLocal = isLocal
    }
  }

  /// What it is now: the host may change its flags at any time.
  ///
  /// - Parameter wantsWaiting: Whether to find out, by another call, if calls wait for room; of a file that
  ///   is always found out.
  package func facts(wantsWaiting: Bool = true) throws(SystemError) -> Facts {
    var target = varve_target()
    _ = try SystemCall.flags.perform {
      unsafe varve_target(self.rawValue, wantsWaiting ? 1 : 0, &target)
    }
    let kind: Facts.Kind =
      switch Int(target.kind) {
      case VARVE_TARGET_SOCKET: .socket
      case VARVE_TARGET_PIPE: .pipe
      case VARVE_TARGET_FILE: .file
      case VARVE_TARGET_MESSAGES: .messages
      default: .other
      }
    return Facts(
      kind: kind, isNonblocking: target.is_nonblocking != 0,
      isAppending: target.is_appending != 0, isLocal: target.is_local != 0)
  }
}
