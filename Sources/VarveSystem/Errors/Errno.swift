/// An error number of Linux. The numbers are the same on x86-64 and arm64.
package struct Errno: RawRepresentable, Hashable, Sendable {
  package let rawValue: Int32
  package init(rawValue: Int32) { self.rawValue = rawValue }

  package static let notPermitted = Errno(rawValue: 1)  // EPERM
  package static let noSuchFile = Errno(rawValue: 2)  // ENOENT
  package static let noSuchProcess = Errno(rawValue: 3)  // ESRCH
  package static let interrupted = Errno(rawValue: 4)  // EINTR
  package static let inputOutput = Errno(rawValue: 5)  // EIO
  package static let noSuchDevice = Errno(rawValue: 6)  // ENXIO
  package static let badDescriptor = Errno(rawValue: 9)  // EBADF
  package static let again = Errno(rawValue: 11)  // EAGAIN
  package static let noMemory = Errno(rawValue: 12)  // ENOMEM
  package static let accessDenied = Errno(rawValue: 13)  // EACCES
  package static let badAddress = Errno(rawValue: 14)  // EFAULT
  package static let busy = Errno(rawValue: 16)  // EBUSY
  package static let exists = Errno(rawValue: 17)  // EEXIST
  package static let otherDevice = Errno(rawValue: 18)  // EXDEV
  package static let deviceGone = Errno(rawValue: 19)  // ENODEV
  package static let notDirectory = Errno(rawValue: 20)  // ENOTDIR
  package static let isDirectory = Errno(rawValue: 21)  // EISDIR
  package static let invalid = Errno(rawValue: 22)  // EINVAL
  package static let tooManyFilesInSystem = Errno(rawValue: 23)  // ENFILE
  package static let tooManyFiles = Errno(rawValue: 24)  // EMFILE
  package static let fileTooLarge = Errno(rawValue: 27)  // EFBIG
  package static let noSpace = Errno(rawValue: 28)  // ENOSPC
  package static let readOnly = Errno(rawValue: 30)  // EROFS
  package static let brokenPipe = Errno(rawValue: 32)  // EPIPE
  package static let nameTooLong = Errno(rawValue: 36)  // ENAMETOOLONG
  package static let noLocks = Errno(rawValue: 37)  // ENOLCK
  package static let notImplemented = Errno(rawValue: 38)  // ENOSYS
  package static let notEmpty = Errno(rawValue: 39)  // ENOTEMPTY
  package static let loop = Errno(rawValue: 40)  // ELOOP
  package static let notSupported = Errno(rawValue: 95)  // EOPNOTSUPP
  package static let networkDown = Errno(rawValue: 100)  // ENETDOWN
  package static let networkUnreachable = Errno(rawValue: 101)  // ENETUNREACH
  package static let networkReset = Errno(rawValue: 102)  // ENETRESET
  package static let connectionAborted = Errno(rawValue: 103)  // ECONNABORTED
  package static let connectionReset = Errno(rawValue: 104)  // ECONNRESET
  package static let notConnected = Errno(rawValue: 107)  // ENOTCONN
  package static let shutDown = Errno(rawValue: 108)  // ESHUTDOWN
  package static let timedOut = Errno(rawValue: 110)  // ETIMEDOUT
  package static let connectionRefused = Errno(rawValue: 111)  // ECONNREFUSED
  package static let hostDown = Errno(rawValue: 112)  // EHOSTDOWN
  package static let hostUnreachable = Errno(rawValue: 113)  // EHOSTUNREACH
  package static let stale = Errno(rawValue: 116)  // ESTALE
  package static let quota = Errno(rawValue: 122)  // EDQUOT
  package static let cancelled = Errno(rawValue: 125)  // ECANCELED
}

extension Errno: CustomStringConvertible {
  package var description: String { "errno \(rawValue)" }
}
