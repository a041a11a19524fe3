import BenchHarness
import CBareLog
import Varve

/// Whether those who read what is not in memory hold up one who reads what is.
enum ColdSendBenchmarks {
  static let all = [hotBesideCold]

  private static let size = 4 << 10
  private static let scannerCount = 4

  /// A reader of a log's end, which sleeps until there is something, first alone, and then while others send
  /// old slices from the device. Beside it the same of bare calls, each scanner a thread.
  private static var hotBesideCold: Benchmark {
    Benchmark.latency(
      "hot-beside-cold/4KiB", bytes: size, pace: .wakingPerSecond(2_000),
      goals: [.latency(.p999, of: "beside", to: "solo", atMost: 3)]
    ) { surroundings in
      let hot = try SlicedLog(size, byteCount: 4 << 20, in: surroundings)
      let cold = try SlicedLog(
        256 << 10, byteCount: surroundings.scale(512 << 20, brief: 8 << 20), in: surroundings)
      let links = try BareLinks(BARE_LINK_TCP)
      let (reader, sender) = (ZeroCopyReader(hot.log), try BareSender(BARE_SEND_SENDFILE))
      let half = surroundings.scale(10_000, brief: 20)
      let own = Self.routine(
        half, { try reader.send(hot.slices[$0 % hot.slices.count], to: links.targets[0]) },
        beside: { try ColdTasks(cold, count: scannerCount) })
      let bare = Self.routine(
        half,
        {
          let slice = hot.slices[$0 % hot.slices.count]
          try sender.send(hot.file, at: slice.position, byteCount: size, to: links.targets[0])
        },
        beside: { try ColdThreads(cold, count: scannerCount) })
      return own([Reference("sendfile", bare([], {}))]) {
        try hot.close()
        try cold.close()
      }
    }
  }

  private typealias Making = (
    _ references: [Reference<LatencyRoutine>], _ tearDown: @escaping () throws -> Void
  ) -> LatencyRoutine

  /// So many sends alone, and as many beside scanners.
  private static func routine(
    _ half: Int, _ send: @escaping (Int) throws -> Void,
    beside scanners: @escaping () throws -> any ColdScanners
  ) -> Making {
    { references, tearDown in
      let running = Slot<any ColdScanners>()
      return LatencyRoutine(
        operations: 2 * half,
        kinds: LatencyRoutine.Kinds(["solo", "beside"]) { $0 < half ? 0 : 1 },
        countedThreads: .calling,
        operation: { index in
          if index == half { running.value = try scanners() }
          try send(index)
        },
        references: references,
        afterRun: {
          try running.value?.stop()
          running.value = nil
        },
        tearDown: tearDown)
    }
  }
}
