internal import VarveSystem

/// Reads a log in slices, which the kernel sends to sockets, pipes and files without a byte coming
/// by this process.
///
/// ```swift
/// let reader = ZeroCopyReader(log)
/// var slice = try await reader.waitForSlice(from: 42)
/// while let next = slice {
///   try await reader.send(next, to: socket)
///   slice = try await reader.waitForSlice(after: next)
/// }
/// ```
///
/// What is on disk is what Kafka's clients take, so nothing is decoded, copied or checked on the
/// way; see ``LogSlice``. Any thread or task may use a reader, and many at once.
///
/// Descriptors stay the caller's. They are borrowed until a call returns or throws, and their flags
/// are left as they are. A peer that is gone is an error, and never a signal: SIGPIPE does not reach
/// the process from here, and the process's own ways with SIGPIPE stay as they are.
public final class ZeroCopyReader: Sendable {
  /// By which way bytes go.
  public enum Transport: Hashable, Sendable {
    /// By the best one that works with file and descriptor.
    case automatic
    /// By `sendfile`, within the kernel. Where that does not work, sending is an error.
    case sendfile
    /// By `splice`, within the kernel: for tasks that send to non-blocking sockets and pipes through
    /// io_uring, where there is one, and else by calls. Where that does not work, sending is an error.
    case splice
    /// By `copy_file_range`, within the file system, to files. To anything else, sending is an error.
    case copyFileRange
    /// Through a buffer of this process, which always works.
    case copy
  }

  /// The log that is read.
  public let log: Log
  /// By which way bytes are to go.
  public let transport: Transport

  let counts = TransferCounts()
  /// Those that threads of callers and of ours send through.
  var pipes: PipePool { log.runtime.pipes }

  /// A reader of a log.
  ///
  /// - Parameters:
  ///   - log: What is read.
  ///   - transport: By which way bytes are to go, for those who know better.
  public init(_ log: Log, transport: Transport = .automatic) {
    self.log = log
    self.transport = transport
  }

  /// How much has been sent so far, and which way it went.
  public var statistics: TransferStatistics { counts.statistics }
}
