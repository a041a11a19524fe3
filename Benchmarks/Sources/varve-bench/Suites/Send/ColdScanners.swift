import BenchHarness
import CBareLog
import Glibc
import Synchronization
import Varve

/// Those who send slices that the kernel has forgotten.
protocol ColdScanners {
  func stop() throws
}

extension SlicedLog {
  /// The slices that one of several scanners sends, one after the other, each forgotten right before.
  fileprivate func coldSlice(_ index: Int, of scanner: Int, among count: Int) -> LogSlice {
    let slice = slices[(scanner * slices.count / count + index) % slices.count]
    posix_fadvise(file, slice.position, slice.byteCount, POSIX_FADV_DONTNEED)
    return slice
  }
}

// SAFETY: all that it has is set when it is made.
/// Tasks that send by a reader.
final class ColdTasks: ColdScanners, @unchecked Sendable {
  private let tasks: [Task<Void, any Error>]
  private let links: BareLinks

  init(_ sliced: SlicedLog, count: Int) throws {
    let links = try BareLinks(BARE_LINK_UNIX, count: count)
    self.links = links
    // What was not written yet cannot be forgotten.
    fsync(sliced.file)
    let reader = ZeroCopyReader(sliced.log)
    tasks = links.targets.enumerated().map { scanner, target in
      Task.detached {
        var index = 0
        while !Task.isCancelled {
          try await reader.send(sliced.coldSlice(index, of: scanner, among: count), to: target)
          index += 1
        }
      }
    }
  }

  func stop() throws {
    for task in tasks { task.cancel() }
    try blocking { [tasks] in for task in tasks { _ = await task.result } }
  }
}

/// Threads that send by bare calls, as far as they go.
final class ColdThreads: ColdScanners {
  private let links: BareLinks
  private let scans: [Scan]
  private var threads: [pthread_t] = []

  // SAFETY: but for the flag it is the thread's alone, until that has been joined.
  private final class Scan: @unchecked Sendable {
    let isStopped = Atomic<Bool>(false)
    private(set) var failure: (any Error)?
    private let send: (Int) throws -> Void

    init(_ send: @escaping (Int) throws -> Void) { self.send = send }

    func go() {
      var index = 0
      do {
        while !isStopped.load(ordering: .relaxed) {
          try send(index)
          index += 1
        }
      } catch {
        failure = error
      }
    }
  }

  init(_ sliced: SlicedLog, count: Int) throws {
    let links = try BareLinks(BARE_LINK_UNIX, count: count)
    self.links = links
    fsync(sliced.file)
    scans = try links.targets.enumerated().map { scanner, target in
      let sender = try BareSender(BARE_SEND_SENDFILE)
      return Scan { index in
        let slice = sliced.coldSlice(index, of: scanner, among: count)
        try sender.send(
          sliced.file, at: slice.position, byteCount: slice.byteCount, to: target)
      }
    }
    for scan in scans { threads.append(try Self.thread(scan)) }
  }

  struct NoThread: Error {}

  private static func thread(_ scan: Scan) throws -> pthread_t {
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { scan in
        Unmanaged<Scan>.fromOpaque(scan!).takeRetainedValue().go()
        return nil
      }, Unmanaged.passRetained(scan).toOpaque())
    guard code == 0 else { throw NoThread() }
    return thread
  }

  func stop() throws {
    for scan in scans { scan.isStopped.store(true, ordering: .relaxed) }
    for thread in threads { pthread_join(thread, nil) }
    for scan in scans { if let failure = scan.failure { throw failure } }
  }
}
