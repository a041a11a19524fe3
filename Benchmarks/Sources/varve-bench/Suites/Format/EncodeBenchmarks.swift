import BenchHarness
import Varve

/// Building a batch, beside copying as many bytes and taking their checksum.
enum EncodeBenchmarks {
  /// Into memory that is there: what a log does with its tail.
  static func inPlace(_ shape: BatchShape) -> Benchmark {
    Benchmark(
      "encode-in-place/\(shape.name)", records: shape.recordCount, bytes: shape.byteCount,
      goals: goals(shape) + [.count(.allocations, atMost: 0), .count(.retains, atMost: 0)]
    ) {
      let value = filledBuffer(shape.valueSize)
      let memory = filledBuffer(shape.capacity)
      return Routine(
        body: { iterations in
          let value = UnsafeRawBufferPointer(value).bytes
          for _ in 0..<iterations {
            var writer = try RecordBatchWriter(into: memory.mutableBytes)
            for index in 0..<shape.recordCount {
              try writer.append(key: nil, value: value, timestamp: BatchShape.time(index))
            }
            blackHole(writer.finish())
          }
        },
        limit: limit(shape),
        tearDown: {
          value.deallocate()
          memory.deallocate()
        })
    }
  }

  /// A batch of one record by the short way: what a log does for a single append.
  static func single(valueSize: Int) -> Benchmark {
    let shape = BatchShape(valueSize: valueSize, recordCount: 1)
    return Benchmark(
      "encode-single/\(sizeName(valueSize))", bytes: shape.byteCount,
      goals: goals(shape) + [
        .ratio(atLeast: 0.5), .count(.allocations, atMost: 0), .count(.retains, atMost: 0),
      ]
    ) {
      let value = filledBuffer(valueSize)
      let memory = filledBuffer(shape.capacity)
      return Routine(
        body: { iterations in
          let value = UnsafeRawBufferPointer(value).bytes
          var memory = memory.mutableBytes
          for index in 0..<iterations {
            blackHole(
              try SingleRecordBatch.write(
                key: nil, value: value, timestamp: BatchShape.time(index), into: &memory))
          }
        },
        limit: limit(shape),
        tearDown: {
          value.deallocate()
          memory.deallocate()
        })
    }
  }

  /// Into memory of its own: what a producer does.
  static func owned(_ shape: BatchShape) -> Benchmark {
    Benchmark(
      "encode/\(shape.name)", records: shape.recordCount, bytes: shape.byteCount,
      goals: goals(shape) + [.count(.allocations, atMost: 2)]
    ) {
      let value = filledBuffer(shape.valueSize)
      return Routine(
        body: { iterations in
          let value = UnsafeRawBufferPointer(value).bytes
          for _ in 0..<iterations {
            var builder = try RecordBatchBuilder(capacity: shape.capacity)
            for index in 0..<shape.recordCount {
              try builder.append(key: nil, value: value, timestamp: BatchShape.time(index))
            }
            blackHole(builder.finish()!)
          }
        },
        limit: limit(shape),
        tearDown: { value.deallocate() })
    }
  }

  private static func goals(_ shape: BatchShape) -> [Goal] {
    // A batch of one record is mostly its header: it is held to a time and not to a ratio.
    switch (shape.valueSize, shape.recordCount) {
    case (1 << 10, 1): [.nanosecondsPerRecord(atMost: 150)]
    case (1 << 10, _): [.ratio(atLeast: 0.5)]
    default: []
    }
  }

  private static func limit(_ shape: BatchShape) -> Routine.Loop {
    let size = shape.byteCount
    let source = filledBuffer(size)
    let destination = filledBuffer(size)
    return { iterations in
      for _ in 0..<iterations {
        PhysicalLimit.copy(UnsafeRawBufferPointer(source), to: destination)
        blackHole(CRC32C.checksum(of: UnsafeRawBufferPointer(destination).bytes))
      }
    }
  }
}
