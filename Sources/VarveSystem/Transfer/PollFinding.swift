internal import CVarveSystem

/// What was found of a descriptor that is to take bytes.
package struct PollFinding: Hashable, Sendable {
  let bits: Int16

  package init(bits: Int16) { self.bits = bits }

  /// What that means for calls that wait for room.
  package enum Meaning: Hashable, Sendable {
    case nothing
    /// A call does not wait: it sends, or says what is wrong.
    case goOn
    /// Something is wrong, or a socket has news for its owner, of what has left, say: it has that until they are
    /// fetched, and a call may wait.
    case errorOrNews
  }

  package var meaning: Meaning {
    if has(VARVE_POLL_WRITABLE) || has(VARVE_POLL_HANGUP) || has(VARVE_POLL_INVALID) {
      return .goOn
    }
    return has(VARVE_POLL_ERROR) ? .errorOrNews : .nothing
  }

  private func has(_ bit: Int) -> Bool { bits & Int16(bit) != 0 }
}

extension HostDescriptor {
  /// Whether a call that waits for room would not wait.
  ///
  /// - Throws: What is wrong with a socket: a call would not say that any more.
  package func takes(after finding: PollFinding) throws(SystemError) -> Bool {
    switch finding.meaning {
    case .nothing: return false
    case .goOn: return true
    case .errorOrNews: break
    }
    var error: Int32 = 0
    // A pipe without a reader is none, and a call says so.
    guard unsafe varve_take_socket_error(rawValue, &error) == 0 else { return true }
    guard error == 0 else { throw SystemError(.send, Errno(rawValue: error)) }
    return false
  }
}
