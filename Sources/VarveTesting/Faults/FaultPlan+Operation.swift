internal import VarveSystem

extension FaultPlan {
  /// What a log asks of its file system.
  public enum Operation: Hashable, Sendable, CaseIterable {
    /// A file is opened, or made.
    case open
    /// It is asked what there is to know of a file.
    case status
    /// Bytes are read.
    case read
    /// Bytes are read, if they lie in memory.
    case readResident
    /// Bytes are written.
    case write
    /// Space is reserved.
    case allocate
    /// A file is cut, or extended by a hole.
    case truncate
    /// A file's bytes are made durable.
    case syncData
    /// A file's bytes are made durable, and all that is known of it.
    case syncAll
    /// It is set when a file was changed.
    case setModified
    /// A file is mapped.
    case map
    /// Pages of a mapping are made ready for stores.
    case populate
    /// A file gets another name.
    case rename
    /// A file's name is taken away.
    case unlink
    /// A directory is made.
    case makeDirectory
    /// A directory's names are read.
    case list
    /// The names in a directory are made durable.
    case syncDirectory
    /// It is asked how much space there is.
    case space
  }

  /// How an operation fails.
  public enum Failure: Hashable, Sendable, CaseIterable {
    /// `EIO`: the device does not do it.
    case deviceError
    /// `ENOSPC`: nothing is left of the disk's space.
    case diskFull
    /// `EDQUOT`: nothing is left of the user's share.
    case quotaExceeded
    /// `EROFS`: the disk takes no changes.
    case diskReadOnly
    /// `EACCES`: the file is not for this user.
    case permissionDenied
    /// `EMFILE`: the process has too many files open.
    case openFileLimit
    /// `ENOMEM`: nothing is left of the machine's memory.
    case memoryExhausted
    /// `ENOENT`: there is no such file.
    case fileMissing
  }

  /// See ``fail(_:on:number:by:fromThenOn:)``.
  public static func failing(
    _ operation: Operation? = nil, on path: String = "", number: Int = 1, by failure: Failure,
    fromThenOn: Bool = false
  ) -> FaultPlan {
    var plan = FaultPlan()
    plan.fail(operation, on: path, number: number, by: failure, fromThenOn: fromThenOn)
    return plan
  }

  /// Lets an operation fail.
  ///
  /// - Parameters:
  ///   - operation: Of which kind it is; nil for any.
  ///   - path: With what the path ends of the file that it is done to.
  ///   - number: Which one it is of those that this describes, counted from 1.
  ///   - failure: How it fails.
  ///   - fromThenOn: Whether all that follow fail too.
  public mutating func fail(
    _ operation: Operation? = nil, on path: String = "", number: Int = 1, by failure: Failure,
    fromThenOn: Bool = false
  ) {
    fail(
      operation?.call, on: path, number: number, with: failure.errno, fromThenOn: fromThenOn)
  }
}

extension FaultPlan.Operation {
  var call: SystemCall {
    switch self {
    case .open: .open
    case .status: .status
    case .read: .read
    case .readResident: .readResident
    case .write: .write
    case .allocate: .allocate
    case .truncate: .truncate
    case .syncData: .syncData
    case .syncAll: .syncAll
    case .setModified: .setModified
    case .map: .map
    case .populate: .populate
    case .rename: .rename
    case .unlink: .unlink
    case .makeDirectory: .makeDirectory
    case .list: .list
    case .syncDirectory: .syncDirectory
    case .space: .space
    }
  }
}

extension FaultPlan.Failure {
  var errno: Errno {
    switch self {
    case .deviceError: .inputOutput
    case .diskFull: .noSpace
    case .quotaExceeded: .quota
    case .diskReadOnly: .readOnly
    case .permissionDenied: .accessDenied
    case .openFileLimit: .tooManyFiles
    case .memoryExhausted: .noMemory
    case .fileMissing: .noSuchFile
    }
  }
}
