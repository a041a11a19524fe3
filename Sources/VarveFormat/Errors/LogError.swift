/// Why a call on a log did not do what it was asked.
///
/// One type for all of Varve, so that `throws(LogError)` says it all: ``code`` tells the kinds
/// apart, ``message`` explains in words, and the rest says where.
public struct LogError: Error, Hashable, Sendable {
  /// What kind of failure this is: what a caller decides by.
  public let code: Code

  /// What happened, for a person to read.
  public let message: String

  /// The rule of the format that bytes broke, and where, if bytes are to blame.
  public let breach: FormatBreach?

  /// The system call that failed, if one is to blame.
  public let systemCall: SystemCall?

  /// Where records were appended by the call that failed, if they were: they are published, but
  /// not known to be on the device.
  public let appendedOffset: Offset?

  /// The part of the log that is lost, where that is what the failure is about. Reading goes on
  /// behind it.
  public let damage: DamagedRange?

  /// Who has the log, if it is ``Code/locked`` and it can be told.
  public let holder: LockHolder?

  /// What was wrong with what a producer sent, or a transaction's coordinator, if that is what the
  /// failure is about.
  public let refusal: ProducerRefusal?

  /// The records for which a batch was not taken, if it is a batch of good form: all of them. Nothing of
  /// it was appended.
  public let rejections: [RecordRejection]

  /// Describes a failure.
  public init(
    _ code: Code, _ message: String, breach: FormatBreach? = nil, systemCall: SystemCall? = nil,
    appendedOffset: Offset? = nil, damage: DamagedRange? = nil,
    holder: LockHolder? = nil, refusal: ProducerRefusal? = nil, rejections: [RecordRejection] = []
  ) {
    self.code = code
    self.message = message
    self.breach = breach
    self.systemCall = systemCall
    self.appendedOffset = appendedOffset
    self.damage = damage
    self.holder = holder
    self.refusal = refusal
    self.rejections = rejections
  }
}

extension LogError {
  /// The kinds of failure. New ones may be added, so a `switch` over them needs a `default`.
  public struct Code: Hashable, Sendable {
    // A struct around an enum: a client's exhaustive switch would break with each new case.
    private enum Kind: String {
      case retry, full, poisoned, corrupt, trimmed, locked, closed, unsupported, device
      case disconnected, cancelled, fenced, conflict
      case outOfOrder = "out of order"
      case invalidArgument = "invalid argument"
    }

    private let kind: Kind

    /// Nothing is wrong; the same call may succeed later.
    public static let retry = Code(kind: .retry)
    /// No space is left, on the device or within a limit that was set.
    public static let full = Code(kind: .full)
    /// An earlier sync failed. What was durable is safe; nothing more is accepted.
    public static let poisoned = Code(kind: .poisoned)
    /// Bytes contradict the format: see ``LogError/breach``.
    public static let corrupt = Code(kind: .corrupt)
    /// The offset lies before the log's start: retention took it. Or the log was cut before it, while
    /// somebody had come further.
    public static let trimmed = Code(kind: .trimmed)
    /// Another process has the log open to append, or this one has already: see
    /// ``LogError/holder``.
    public static let locked = Code(kind: .locked)
    /// The log, or what was read from it, is closed.
    public static let closed = Code(kind: .closed)
    /// This build cannot do it: a codec that is not built in, a format that is not read.
    public static let unsupported = Code(kind: .unsupported)
    /// The device, or the file system on it, does not do what it should: an I/O error, say, or a
    /// device that turned read-only.
    public static let device = Code(kind: .device)
    /// Whoever was to receive bytes is gone.
    public static let disconnected = Code(kind: .disconnected)
    /// The task that was waiting has been cancelled; nothing was undone.
    public static let cancelled = Code(kind: .cancelled)
    /// Whoever sends this has been followed by another: see ``LogError/refusal``.
    public static let fenced = Code(kind: .fenced)
    /// What an idempotent producer sent is not what comes next: see ``LogError/refusal``.
    public static let outOfOrder = Code(kind: .outOfOrder)
    /// The log does not end where the caller expected it to: somebody else has appended. Nothing was.
    public static let conflict = Code(kind: .conflict)
    /// The caller asked for something that cannot be done, whenever it asks.
    public static let invalidArgument = Code(kind: .invalidArgument)
  }

  /// A system call that failed.
  public struct SystemCall: Hashable, Sendable {
    /// The call, as its manual page names it.
    public let name: String
    /// The error number that it returned.
    public let errno: Int32

    /// Names a call and its error number.
    public init(name: String, errno: Int32) {
      self.name = name
      self.errno = errno
    }
  }
}

extension LogError.Code: CustomStringConvertible {
  /// The kind in words.
  public var description: String { kind.rawValue }
}

extension LogError: CustomStringConvertible {
  /// Everything that is known, in one line.
  public var description: String {
    var text = "\(code): \(message)"
    if let breach { text += " [\(breach)]" }
    if let systemCall { text += " [\(systemCall.name): errno \(systemCall.errno)]" }
    return text
  }
}
