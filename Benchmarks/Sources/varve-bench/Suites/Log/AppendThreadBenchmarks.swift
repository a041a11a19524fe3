import BenchHarness

/// Several threads that append to one log, beside one that appends as much.
enum AppendThreadBenchmarks {
  static let all = [2, 4].flatMap { threads in
    [benchmark("1KiB", .stream, threads), benchmark("100B/prepared", .prepared, threads)]
  }

  private static let oneThread = "one thread"

  private static func benchmark(_ name: String, _ plan: AppendPlan, _ threads: Int) -> Benchmark {
    Benchmark(
      "threads/\(threads)/\(name)", bytes: plan.shape.byteCount,
      goals: [.ratio(to: oneThread, atLeast: 0.85)]
    ) { surroundings in
      let plan = plan.scaled(to: surroundings)
      let directory = try surroundings.makeDirectory()
      let value = SendableBytes(filledBuffer(plan.shape.valueSize))
      return try LogRoutines.appends(
        plan, in: directory,
        loop: { log, iterations in
          try Threads.run(threads) { _ in
            try LogLoops.append(value.bytes, to: log, times: max(1, iterations / threads))
          }
        },
        references: [
          Reference(
            oneThread,
            LogRoutines.appends(plan, in: directory) { log, iterations in
              try Threads.run(1) { _ in
                try LogLoops.append(value.bytes, to: log, times: iterations)
              }
            })
        ],
        tearDown: {
          value.bytes.deallocate()
          try directory.remove()
        })
    }
  }

  // SAFETY: nothing writes to the bytes once this is made.
  private struct SendableBytes: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeMutableRawBufferPointer) { self.bytes = UnsafeRawBufferPointer(bytes) }
  }
}
