internal import VarveSystem

/// By which way bytes go from a segment's file to a descriptor: a function of facts.
struct TransferPlan: Hashable, Sendable {
  /// What moves bytes. But for the last, no byte comes by this process.
  enum Rung: Hashable, Sendable {
    /// io_uring, through a pipe of ours, on threads of the kernel's.
    case ring
    /// `copy_file_range`, from file to file.
    case fileRange
    case sendfile
    /// `splice`, to a pipe or through a pipe of ours, on the thread that calls.
    case splice
    /// A buffer, which works wherever there is a file to read.
    case copy
  }

  /// What is known of the way.
  struct Facts: Hashable, Sendable {
    var target: HostDescriptor.Facts
    /// Whether the segment's file is one of the kernel's.
    var hasKernelDescriptors: Bool
    /// How much there is to send in all.
    var byteCount = 0
    /// Whether what comes next lies in memory.
    var isResident = true
    /// Whether the thread that asks has a ring.
    var hasRing = false
  }

  var rung: Rung
  /// Whether another rung may take over from one that the kernel refuses.
  var mayFall: Bool
}

// MARK: Choosing

extension TransferPlan {
  /// - Throws: ``LogError/Code/unsupported`` where what is pinned cannot work.
  static func choose(
    _ transport: ZeroCopyReader.Transport, _ facts: Facts
  ) throws(LogError) -> TransferPlan {
    switch transport {
    case .copy: return TransferPlan(rung: .copy, mayFall: false)
    case .automatic: return automatic(facts)
    case .sendfile, .splice, .copyFileRange:
      guard facts.hasKernelDescriptors else {
        throw LogError(
          .unsupported, "\(transport) is for files of the kernel's, and this one is simulated")
      }
    }
    switch transport {
    case .splice where facts.canUseRing: return TransferPlan(rung: .ring, mayFall: true)
    case .splice: return TransferPlan(rung: .splice, mayFall: false)
    case .copyFileRange: return TransferPlan(rung: .fileRange, mayFall: false)
    default: return TransferPlan(rung: .sendfile, mayFall: false)
    }
  }

  private static func automatic(_ facts: Facts) -> TransferPlan {
    // The kernel does not send to files that it must look for the end of.
    guard facts.hasKernelDescriptors, !facts.target.isAppending else {
      return TransferPlan(rung: .copy, mayFall: false)
    }
    if facts.target.kind == .file { return TransferPlan(rung: .fileRange, mayFall: true) }
    let suitsRing = facts.canUseRing && (!facts.isResident || facts.isLargeOverNetwork)
    if suitsRing { return TransferPlan(rung: .ring, mayFall: true) }
    let suitsSplice = facts.target.kind == .pipe && facts.byteCount >= LogLimits.spliceByteCount
    return TransferPlan(rung: suitsSplice ? .splice : .sendfile, mayFall: true)
  }

  /// By what a slice goes that is sent by one call; nil where it takes more than that.
  static func onTheSpot(
    _ transport: ZeroCopyReader.Transport, _ target: HostDescriptor.Facts, headerByteCount: Int,
    sliceByteCount: Int
  ) -> Rung? {
    let isSmall = max(headerByteCount, sliceByteCount) <= LogLimits.smallByteCount
    if isSmall, target.isNetwork, transport == .automatic { return .copy }
    guard target.kind == .socket || target.kind == .pipe else { return nil }
    let facts = Facts(
      target: target, hasKernelDescriptors: true, byteCount: headerByteCount + sliceByteCount)
    switch try? choose(transport, facts).rung {
    case .sendfile: return .sendfile
    case .splice where target.kind == .pipe: return .splice
    default: return nil
    }
  }
}

extension HostDescriptor.Facts {
  /// Whether it leads over a network, also to this machine. Where none is needed, pages pass on as they are.
  fileprivate var isNetwork: Bool { kind == .socket && !isLocal }
}

extension TransferPlan.Facts {
  /// Whether a ring, if there is one, can send without a thread of the kernel's waiting for the peer.
  fileprivate var canUseRing: Bool {
    hasRing && target.isNonblocking && (target.kind == .socket || target.kind == .pipe)
  }

  /// Pipes and local sockets pass pages on as they are: there nobody has work to take over.
  fileprivate var isLargeOverNetwork: Bool {
    target.isNetwork && byteCount >= LogLimits.ringByteCount
  }
}

// MARK: Falling back

extension TransferPlan {
  /// The plan to go on with after a call that failed; nil if the failure stands.
  ///
  /// - Parameter sentByteCount: What went this way before: a rung that has worked works, and what
  ///   fails then is something else.
  func fallingBack(
    _ transport: ZeroCopyReader.Transport, after errno: Errno, sentByteCount: Int
  ) -> TransferPlan? {
    guard mayFall, sentByteCount == 0 else { return nil }
    switch errno {
    case .invalid, .notImplemented, .notSupported: break
    // A filter may forbid the newer calls, and no pipe may be had.
    case .notPermitted, .noMemory, .tooManyFiles, .tooManyFilesInSystem, .otherDevice:
      guard rung != .sendfile else { return nil }
    default: return nil
    }
    switch rung {
    case .ring where transport == .splice: return TransferPlan(rung: .splice, mayFall: false)
    case .ring, .fileRange: return TransferPlan(rung: .sendfile, mayFall: true)
    case .splice where transport == .automatic: return TransferPlan(rung: .sendfile, mayFall: true)
    case .sendfile: return TransferPlan(rung: .copy, mayFall: false)
    case .splice, .copy: return nil
    }
  }
}
