import Glibc
import Testing
import VarveSystem

/// Which errors are retried and which are thrown, by scripts of what the C layer returns.
@Suite struct SystemCallTests {
  /// Makes a call that returns these values one after the other, and says how many it took.
  private func perform(
    _ call: SystemCall, _ script: [Int64]
  ) -> (result: Result<Int64, SystemError>, count: Int) {
    var count = 0
    let result = Result { () throws(SystemError) in
      try call.perform {
        defer { count += 1 }
        return script[count]
      }
    }
    return (result, count)
  }

  @Test(arguments: SystemCall.allCases)
  func whatIsNotNegativeIsReturned(call: SystemCall) {
    for value in [0, 1, 4, 4096, Int64(Int32.max) + 1, .max] {
      let (result, count) = perform(call, [value, -5])
      #expect(result == .success(value))
      #expect(count == 1)
    }
  }

  @Test(arguments: SystemCall.allCases)
  func everyErrorButOneIsThrownAtOnce(call: SystemCall) {
    // 4095 is the last that the kernel's convention has room for.
    for errno in Array(1...133) + [512, 4095 as Int32] where errno != EINTR {
      let (result, count) = perform(call, [-Int64(errno), 0])
      #expect(result == .failure(SystemError(call, Errno(rawValue: errno))))
      #expect(count == 1)
    }
  }

  @Test(arguments: SystemCall.allCases)
  func interruptedCallsAreMadeAgain(call: SystemCall) {
    let interrupted = -Int64(EINTR)
    let script = [interrupted, interrupted, interrupted, 7]
    let (result, count) = perform(call, script)
    switch call {
    case .close, .poll:
      #expect(result == .failure(SystemError(call, .interrupted)))
      #expect(count == 1)
    default:
      #expect(result == .success(7))
      #expect(count == 4)
    }
  }

  @Test func whatComesAfterAnInterruptionIsThrown() {
    let (result, count) = perform(.write, [-Int64(EINTR), -Int64(ENOSPC), 0])
    #expect(result == .failure(SystemError(.write, .noSpace)))
    #expect(count == 2)
  }

  @Test func noTwoCallsHaveOneName() {
    #expect(Set(SystemCall.allCases.map(\.rawValue)).count == SystemCall.allCases.count)
  }

  /// The numbers that Swift was given are those of this machine's C library.
  @Test(
    arguments: [
      (Errno.notPermitted, EPERM), (.noSuchFile, ENOENT), (.noSuchProcess, ESRCH),
      (.interrupted, EINTR),
      (.inputOutput, EIO), (.noSuchDevice, ENXIO), (.badDescriptor, EBADF), (.again, EAGAIN),
      (.noMemory, ENOMEM), (.accessDenied, EACCES), (.badAddress, EFAULT), (.busy, EBUSY),
      (.exists, EEXIST), (.otherDevice, EXDEV), (.deviceGone, ENODEV), (.notDirectory, ENOTDIR),
      (.isDirectory, EISDIR), (.invalid, EINVAL), (.tooManyFilesInSystem, ENFILE),
      (.tooManyFiles, EMFILE), (.fileTooLarge, EFBIG), (.noSpace, ENOSPC), (.readOnly, EROFS),
      (.brokenPipe, EPIPE), (.nameTooLong, ENAMETOOLONG), (.noLocks, ENOLCK),
      (.notImplemented, ENOSYS),
      (.notEmpty, ENOTEMPTY), (.loop, ELOOP), (.notSupported, EOPNOTSUPP),
      (.connectionAborted, ECONNABORTED), (.connectionReset, ECONNRESET),
      (.notConnected, ENOTCONN), (.timedOut, ETIMEDOUT), (.stale, ESTALE), (.quota, EDQUOT),
    ])
  func numbersAreThoseOfTheSystem(errno: Errno, number: Int32) {
    #expect(errno.rawValue == number)
    #expect(errno.description == "errno \(number)")
  }
}
