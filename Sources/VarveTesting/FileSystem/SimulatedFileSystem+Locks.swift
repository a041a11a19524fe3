package import VarveSystem

extension SimulatedFileSystem {
  package func lock(_ descriptor: Descriptor) throws(SystemError) {
    let operation = SimulatedOperation(.lock, path(of: descriptor), isMutation: false)
    try perform(operation) { kernel throws(SystemError) in
      guard kernel.descriptors[descriptor]?.isWritable == true else {
        throw SystemError(.lock, .badDescriptor)
      }
      guard !kernel.isLocked(besides: descriptor) else { throw SystemError(.lock, .again) }
      kernel.descriptors[descriptor]?.hasLock = true
    }
  }

  package func unlock(_ descriptor: Descriptor) {
    withKernel { kernel in
      guard let open = kernel.descriptors[descriptor], open.hasLock else { return }
      kernel.descriptors[descriptor]?.hasLock = false
      kernel.note("unlock \(open.path)")
    }
  }

  package func lockOwner(_ descriptor: Descriptor) throws(SystemError) -> LockOwner {
    let operation = SimulatedOperation(.lockOwner, path(of: descriptor), isMutation: false)
    return try perform(operation) { kernel throws(SystemError) in
      guard kernel.descriptors[descriptor] != nil else {
        throw SystemError(.lockOwner, .badDescriptor)
      }
      return kernel.isLocked(besides: descriptor) ? .untold : .nobody
    }
  }
}

extension SimulatedKernel {
  /// Whether another descriptor of the same file has its lock.
  fileprivate func isLocked(besides descriptor: Descriptor) -> Bool {
    descriptors.contains { other, open in
      other != descriptor && open.hasLock && open.inode == descriptors[descriptor]?.inode
    }
  }
}
