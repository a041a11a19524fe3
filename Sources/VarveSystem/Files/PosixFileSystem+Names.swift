internal import CVarveSystem

extension PosixFileSystem {
  package func rename(_ path: String, to newPath: String) throws(SystemError) {
    _ = try SystemCall.rename.perform { unsafe varve_rename(path, newPath) }
  }

  package func unlink(_ path: String) throws(SystemError) {
    _ = try SystemCall.unlink.perform { unsafe varve_unlink(path) }
  }

  package func makeDirectory(_ path: String) throws(SystemError) {
    _ = try SystemCall.makeDirectory.perform { unsafe varve_make_directory(path) }
  }

  package func removeDirectory(_ path: String) throws(SystemError) {
    _ = try SystemCall.removeDirectory.perform { unsafe varve_remove_directory(path) }
  }

  package func list(_ path: String) throws(SystemError) -> [String] {
    let names = Names()
    _ = try SystemCall.list.perform {
      names.found = []
      // SAFETY: the callback runs within the call, for as long as `names` is kept here.
      return withExtendedLifetime(names) {
        unsafe varve_list(path, Unmanaged.passUnretained(names).toOpaque()) { context, name in
          let names = unsafe Unmanaged<Names>.fromOpaque(context.unsafelyUnwrapped)
          unsafe names.takeUnretainedValue().found.append(
            String(cString: name.unsafelyUnwrapped))
          return 0
        }
      }
    }
    return names.found
  }

  package func syncDirectory(_ path: String) throws(SystemError) {
    _ = try SystemCall.syncDirectory.perform { unsafe varve_sync_directory(path) }
  }
}

// MARK: Locks

extension PosixFileSystem {
  package func lock(_ descriptor: Descriptor) throws(SystemError) {
    _ = try SystemCall.lock.perform { varve_lock(descriptor.rawValue) }
  }

  package func unlock(_ descriptor: Descriptor) { _ = varve_unlock(descriptor.rawValue) }

  package func lockOwner(_ descriptor: Descriptor) throws(SystemError) -> LockOwner {
    var process: Int32 = 0
    let isLocked = try SystemCall.lockOwner.perform {
      unsafe varve_lock_owner(descriptor.rawValue, &process)
    }
    guard isLocked == 1 else { return .nobody }
    return process > 0 ? .process(process) : .untold
  }
}

private final class Names {
  var found: [String] = []
}
