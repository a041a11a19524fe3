internal import VarveSystem

extension LogError {
  /// A system call that failed while Varve was doing something.
  ///
  /// - Parameters:
  ///   - error: The call and its error number.
  ///   - purpose: What for, as it stands in a sentence behind "could not".
  init(_ error: SystemError, _ purpose: String) {
    self.init(
      error.errno.code, "could not \(purpose): \(error.errno.explanation)",
      systemCall: SystemCall(name: error.call.rawValue, errno: error.errno.rawValue))
  }

  /// The system call that failed, if it was one.
  var systemError: SystemError? {
    guard let systemCall, let call = VarveSystem.SystemCall(rawValue: systemCall.name) else {
      return nil
    }
    return SystemError(call, Errno(rawValue: systemCall.errno))
  }

  static var closed: LogError { LogError(.closed, "the log is closed") }
}

extension Errno {
  /// What a caller can do about it.
  var code: LogError.Code {
    switch self {
    case .noSpace, .quota, .fileTooLarge: .full
    case .again, .busy, .interrupted, .noMemory, .timedOut, .tooManyFiles, .tooManyFilesInSystem:
      .retry
    case .inputOutput, .noSuchDevice, .deviceGone, .readOnly, .stale, .badAddress: .device
    case .brokenPipe, .connectionReset, .connectionAborted, .connectionRefused, .notConnected,
      .shutDown, .networkDown, .networkUnreachable, .networkReset, .hostDown, .hostUnreachable:
      .disconnected
    case .notSupported, .notImplemented, .noLocks: .unsupported
    default: .invalidArgument
    }
  }

  var explanation: String {
    switch self {
    case .notPermitted: "that is not permitted"
    case .noSuchFile: "there is no such file or directory"
    case .interrupted: "a signal came in between"
    case .inputOutput: "the device reports an error"
    case .noSuchDevice, .deviceGone: "there is no such device any more"
    case .badDescriptor: "the descriptor is not open, or not for this"
    case .again: "the call would have to wait"
    case .noMemory: "no memory, or no more mappings, can be had"
    case .accessDenied: "access is denied"
    case .badAddress: "the file has no room there"
    case .busy: "it is in use"
    case .exists: "it exists already"
    case .notDirectory: "a part of the path is not a directory"
    case .isDirectory: "it is a directory"
    case .invalid: "the system does not take these arguments"
    case .tooManyFiles: "the process has as many files open as it may"
    case .tooManyFilesInSystem: "the system has as many files open as it may"
    case .fileTooLarge: "the file would be larger than it may be"
    case .noSpace: "no space is left on the device"
    case .quota: "the quota is used up"
    case .readOnly: "the file system is read-only"
    case .brokenPipe, .connectionReset, .connectionAborted, .connectionRefused, .notConnected,
      .shutDown:
      "the receiver is gone"
    case .networkDown, .networkUnreachable, .networkReset, .hostDown, .hostUnreachable:
      "the receiver cannot be reached any more"
    case .nameTooLong: "the name is too long"
    case .notImplemented, .notSupported: "the system cannot do that"
    case .noLocks: "the file system has no locks to give"
    case .notEmpty: "the directory is not empty"
    case .loop: "there are too many symbolic links"
    case .timedOut: "it took too long"
    case .stale: "the file is no longer there"
    default: "errno \(rawValue)"
    }
  }
}
