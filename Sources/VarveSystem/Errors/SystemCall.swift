/// The calls that Varve makes of the system, by what they are for.
///
/// Each names the kernel's call as its manual page does, for error messages.
package enum SystemCall: String, CaseIterable, Sendable {
  case open, close, status = "stat", read = "pread", readResident = "preadv2", write = "pwrite"
  case readDevice = "pread past the cache", nextData = "lseek(SEEK_DATA)"
  case allocate = "fallocate", truncate = "ftruncate"
  case syncData = "fdatasync", syncAll = "fsync", setModified = "futimens"
  case lock = "fcntl(F_OFD_SETLK)", lockOwner = "fcntl(F_OFD_GETLK)"
  case findProcess = "kill", processStatus = "read of /proc", hostName = "gethostname"
  case rename, unlink, makeDirectory = "mkdir", removeDirectory = "rmdir", list = "readdir", space =
    "statfs"
  case syncDirectory = "fsync of a directory"
  case map = "mmap", unmap = "munmap", populate = "madvise"
  case sendfile, send, poll, flags = "fcntl", makeEvent = "eventfd"
  case splice, copyRange = "copy_file_range", makePipe = "pipe2"
  case setUpRing = "io_uring_setup", enterRing = "io_uring_enter"
  case startThread = "pthread_create", guardStores = "sigaction", random = "getrandom"
}

extension SystemCall {
  /// Whether a call that a signal interrupted is made again.
  ///
  /// `close` is not: Linux has given the descriptor away by then, and a second call could close one
  /// that another thread has just been given. A wait is not: its time may have come.
  package var isRetriedWhenInterrupted: Bool {
    switch self {
    case .close, .poll: false
    default: true
    }
  }
}
