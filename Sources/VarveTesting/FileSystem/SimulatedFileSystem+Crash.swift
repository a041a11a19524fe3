internal import VarveSystem

/// A way in which a process ends.
public enum Crash: Hashable, Sendable, CaseIterable {
  /// The machine loses power: of what was not synced, anything may be lost.
  case power
  /// The process is killed, and nothing is lost: the kernel has all that was written or stored.
  case kill
}

extension SimulatedFileSystem {
  /// Ends the life of whoever uses the file system. Descriptors fail with EBADF from then on, and
  /// stores into mappings change nothing; what is opened next finds what is left. A file system
  /// that was stopped runs again. Faults that are installed stay.
  ///
  /// - Parameters:
  ///   - crash: How it ends.
  ///   - seed: Decides what a power cut keeps; the same does the same to the same disk.
  public func crash(_ crash: Crash, seed: UInt64) {
    var random = SplitMix(seed: seed)
    switch crash {
    case .power: powerCut(using: &random)
    case .kill: kill()
    }
  }

  /// Cuts the power.
  package func powerCut(using random: inout SplitMix) {
    withKernel { kernel in
      kernel.names.cutPower(using: &random)
      kernel.endProcess()
      for inode in kernel.files.keys.sorted() {
        kernel.files[inode]?.cutPower(using: &random)
      }
      kernel.endBoot()
    }
  }

  /// Kills the process.
  package func kill() {
    withKernel { kernel in
      kernel.endProcess()
      kernel.note("killed")
    }
  }

  /// Lets nothing happen any more: every call throws EIO, and stores into mappings change nothing,
  /// until the file system is crashed. How a test stops the world, to look at what a crash at this
  /// moment leaves.
  public func stop() { withKernel { $0.stop() } }

  /// Stops the world when one more operation would change something than the `count` first ones
  /// of its life, just before that: stores into mappings up to there are kept.
  public func stop(afterOperation count: Int) { withKernel { $0.stopLimit = count } }

  /// Whether the world was stopped: what is acknowledged from then on is worth nothing.
  public var isStopped: Bool { withKernel { $0.isStopped } }
}

extension SimulatedKernel {
  /// The machine starts anew.
  mutating func endBoot() {
    bootNumber += 1
    note("power cut")
  }

  mutating func endProcess() {
    detachMappings()
    descriptors = [:]
    processCount += 1
    forgetMissedSyncs()
    for file in files.values { file.descriptorCount = 0 }
    collectGarbage()
    start()
  }
}
