import BenchHarness
import Varve

/// CRC-32C, beside reading the same bytes once.
enum ChecksumSuite {
  static let suite = Suite(
    "crc",
    [
      crc(16), crc(100, gigabytesPerSecond: 9), crc(1 << 10),
      crc(64 << 10, gigabytesPerSecond: 25), crc(1 << 20), crc(32 << 20, gigabytesPerSecond: 4.5),
    ])

  private static func crc(_ size: Int, gigabytesPerSecond goal: Double? = nil) -> Benchmark {
    Benchmark(
      "crc/\(sizeName(size))", bytes: size,
      goals: goal.map { [.gigabytesPerSecond(atLeast: $0)] } ?? []
    ) {
      let input = filledBuffer(size)
      return Routine(
        body: { iterations in
          let bytes = UnsafeRawBufferPointer(input).bytes
          for _ in 0..<iterations { blackHole(CRC32C.checksum(of: bytes)) }
        },
        limit: { iterations in
          for _ in 0..<iterations { PhysicalLimit.sum(UnsafeRawBufferPointer(input)) }
        },
        tearDown: { input.deallocate() })
    }
  }
}
