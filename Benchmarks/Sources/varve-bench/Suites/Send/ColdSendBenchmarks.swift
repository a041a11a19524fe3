import BenchHarness
import CBareLog
import Glibc
import Synchronization
import Varve

/// Whether those who read what is not in memory hold up one who reads what is.
enum ColdSendBenchmarks {
  static let all = [hotBesideCold]

  private static let size = 4 << 10
  private static let scannerCount = 4

  /// A reader of a log's end, first alone, and then while others send old slices from the device.
  private static var hotBesideCold: Benchmark {
    Benchmark.latency(
      "hot-beside-cold/4KiB", bytes: size, pace: .perSecond(2_000),
      goals: [.latency(.p999, of: "beside", to: "solo", atMost: 3)]
    ) { surroundings in
      let hot = try SlicedLog(size, byteCount: 4 << 20, in: surroundings)
      let cold = try SlicedLog(
        256 << 10, byteCount: surroundings.scale(512 << 20, brief: 8 << 20), in: surroundings)
      let links = try BareLinks(BARE_LINK_TCP)
      let reader = ZeroCopyReader(hot.log)
      let scanners = Slot<ColdScanners>()
      let half = surroundings.scale(10_000, brief: 20)
      return LatencyRoutine(
        operations: 2 * half,
        kinds: LatencyRoutine.Kinds(["solo", "beside"]) { $0 < half ? 0 : 1 },
        countedThreads: .calling,
        operation: { index in
          if index == half { scanners.value = try ColdScanners(cold, count: scannerCount) }
          try reader.send(hot.slices[index % hot.slices.count], to: links.targets[0])
        },
        references: [],
        afterRun: {
          try scanners.value?.stop()
          scanners.value = nil
        },
        tearDown: {
          try hot.close()
          try cold.close()
        })
    }
  }
}

// SAFETY: all that it has is set when it is made.
/// Tasks that send slices which the kernel has forgotten.
private final class ColdScanners: @unchecked Sendable {
  private let tasks: [Task<Void, any Error>]
  private let links: BareLinks

  init(_ sliced: SlicedLog, count: Int) throws {
    let links = try BareLinks(BARE_LINK_UNIX, count: count)
    self.links = links
    // What was not written yet cannot be forgotten.
    fsync(sliced.file)
    let reader = ZeroCopyReader(sliced.log)
    tasks = links.targets.enumerated().map { number, target in
      Task.detached {
        var next = number * sliced.slices.count / count
        while !Task.isCancelled {
          let slice = sliced.slices[next % sliced.slices.count]
          next += 1
          posix_fadvise(sliced.file, slice.position, slice.byteCount, POSIX_FADV_DONTNEED)
          try await reader.send(slice, to: target)
        }
      }
    }
  }

  func stop() throws {
    for task in tasks { task.cancel() }
    try blocking { [tasks] in for task in tasks { _ = await task.result } }
  }
}
