import BenchHarness
import Glibc

/// What the machine itself can do, with none of the library in it: the scale for all the rest.
enum MachineSuite {
  static let suite = Suite(
    "machine",
    [64, 1 << 10, 64 << 10, 1 << 20, 64 << 20].flatMap { [copy($0), sum($0)] }
      + [swiftCopy, clock, systemCall, allocation, clockLatency, pacedLatency])

  private static func copy(_ bytes: Int) -> Benchmark {
    Benchmark("copy/\(sizeName(bytes))", bytes: bytes) {
      let source = filledBuffer(bytes)
      let destination = filledBuffer(bytes)
      return Routine(
        body: { iterations in
          for _ in 0..<iterations {
            PhysicalLimit.copy(UnsafeRawBufferPointer(source), to: destination)
          }
        },
        tearDown: {
          source.deallocate()
          destination.deallocate()
        })
    }
  }

  private static func sum(_ bytes: Int) -> Benchmark {
    Benchmark("sum/\(sizeName(bytes))", bytes: bytes) {
      let source = filledBuffer(bytes)
      return Routine(
        body: { iterations in
          for _ in 0..<iterations { PhysicalLimit.sum(UnsafeRawBufferPointer(source)) }
        },
        tearDown: { source.deallocate() })
    }
  }

  /// The same by the standard library's name for it, which should cost no more.
  private static let swiftCopy = Benchmark(
    "swift-copy/64KiB", bytes: 64 << 10, goals: [.ratio(atLeast: 0.9)]
  ) {
    let source = filledBuffer(64 << 10)
    let destination = filledBuffer(64 << 10)
    return Routine(
      body: { iterations in
        for _ in 0..<iterations {
          destination.copyMemory(from: UnsafeRawBufferPointer(source))
          blackHole(destination)
        }
      },
      limit: { iterations in
        for _ in 0..<iterations {
          PhysicalLimit.copy(UnsafeRawBufferPointer(source), to: destination)
        }
      },
      tearDown: {
        source.deallocate()
        destination.deallocate()
      })
  }

  private static let clock = Benchmark("clock") {
    Routine(body: { iterations in
      var now = timespec()
      for _ in 0..<iterations {
        clock_gettime(CLOCK_MONOTONIC, &now)
        blackHole(now)
      }
    })
  }

  private static let systemCall = Benchmark("system-call") {
    Routine(body: { iterations in
      for _ in 0..<iterations { PhysicalLimit.enterKernel() }
    })
  }

  private static let allocation = Benchmark("malloc-free/64B") {
    Routine(body: { iterations in
      for _ in 0..<iterations {
        let block = malloc(64)
        blackHole(block)
        free(block)
      }
    })
  }

  /// Nothing at all: what the other latencies have in them of the clock and the call.
  private static let clockLatency = Benchmark.latency("latency-of-nothing") {
    LatencyRoutine(operation: { blackHole($0) })
  }

  /// Likewise, but on a schedule: how often the machine is somewhere else when it's time.
  private static let pacedLatency = Benchmark.latency(
    "latency-of-nothing/100k", pace: .perSecond(100_000)
  ) {
    LatencyRoutine(operation: { blackHole($0) })
  }
}
