import VarveSystem

extension SystemCall {
  /// How the call may fail on a machine in trouble, as its manual page and the kernel's file systems
  /// have it. The first two are the most different.
  ///
  /// Not among them: what tells the caller that he is wrong; EINTR, after which the call is made again
  /// below the file system's seam; and EAGAIN for a lock, which means that somebody else has it. That
  /// the directories above a log may not be opened means that somebody else has made them, so nor is
  /// EACCES for their sync.
  var plausibleErrnos: [Errno] {
    switch self {
    case .open:
      [.noSpace, .tooManyFiles, .inputOutput, .quota, .readOnly, .tooManyFilesInSystem, .noMemory]
        + [.accessDenied]
    case .status: [.inputOutput, .noMemory, .accessDenied]
    case .read, .readDevice, .nextData: [.inputOutput, .noMemory]
    case .write: [.noSpace, .inputOutput, .quota, .readOnly, .noMemory]
    case .allocate: [.noSpace, .notSupported, .inputOutput, .quota, .readOnly]
    case .truncate: [.inputOutput, .noSpace, .quota, .readOnly]
    case .syncData: [.inputOutput, .noSpace, .quota, .readOnly]
    case .map: [.noMemory, .again, .tooManyFilesInSystem, .accessDenied]
    case .populate: [.badAddress, .noMemory, .inputOutput, .again]
    case .rename, .makeDirectory:
      [.noSpace, .inputOutput, .quota, .readOnly, .noMemory, .accessDenied]
    case .unlink: [.inputOutput, .readOnly, .noMemory, .accessDenied]
    case .list: [.inputOutput, .tooManyFiles, .tooManyFilesInSystem, .noMemory, .accessDenied]
    case .space: [.inputOutput, .noMemory]
    case .syncDirectory:
      [.inputOutput, .tooManyFiles, .noSpace, .quota, .readOnly, .tooManyFilesInSystem, .noMemory]
    case .lock: [.noLocks, .noMemory]
    default: []
    }
  }
}
