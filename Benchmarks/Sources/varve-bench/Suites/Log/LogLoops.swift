import BenchHarness
import Varve

/// The calls that are measured: all of them are in this file.
enum LogLoops {
  /// Appends a record of that value by itself, so many times.
  static func append(_ value: UnsafeRawBufferPointer, to log: Log, times: Int) throws {
    let value = value.bytes
    for _ in 0..<times { blackHole(try log.append(key: nil, value: value)) }
  }

  /// Appends a batch as it came from somewhere else, so many times.
  static func append(_ batch: RecordBatch, to log: Log, times: Int) throws {
    for _ in 0..<times { blackHole(try log.append(batch)) }
  }

  /// Appends the first so many of these batches.
  static func append(_ batches: [RecordBatch], to log: Log, times: Int) throws {
    for index in 0..<times { blackHole(try log.append(batches[index])) }
  }

  /// Appends a record so many times, waits each time until it is on the device, and returns how long
  /// that took.
  static func appendDurably(_ record: Record, to log: Log, times: Int) throws -> [UInt64] {
    var nanoseconds: [UInt64] = []
    nanoseconds.reserveCapacity(times)
    for _ in 0..<times {
      let start = Clock.now
      blackHole(try log.append(record, durability: .durable))
      nanoseconds.append(Clock.now - start)
    }
    return nanoseconds
  }

  /// The same for a task, which is suspended meanwhile.
  static func appendDurably(_ record: Record, to log: Log, times: Int) async throws -> [UInt64] {
    var nanoseconds: [UInt64] = []
    nanoseconds.reserveCapacity(times)
    for _ in 0..<times {
      let start = Clock.now
      blackHole(try await log.append(record, durability: .durable))
      nanoseconds.append(Clock.now - start)
    }
    return nanoseconds
  }

  /// The same for a batch as it came from somewhere else.
  static func appendDurably(_ batch: RecordBatch, to log: Log, times: Int) throws -> [UInt64] {
    var nanoseconds: [UInt64] = []
    nanoseconds.reserveCapacity(times)
    for _ in 0..<times {
      let start = Clock.now
      blackHole(try log.append(batch, durability: .durable))
      nanoseconds.append(Clock.now - start)
    }
    return nanoseconds
  }

  /// Reads so many batches in order, looks at each record, and begins anew at the end.
  static func scan(_ log: Log, batches: Int, _ isolation: ReadIsolation = .logEnd) throws {
    var left = batches
    while left > 0 {
      var scan = try log.scan(from: .earliest, isolation: isolation)
      var byteCount = 0
      while left > 0, let batch = try scan.next() {
        try batch.records.forEach { record in byteCount &+= record.value?.byteCount ?? 0 }
        left -= 1
      }
      blackHole(byteCount)
    }
  }

  /// Reads records at random offsets below a bound.
  static func lookUp(in log: Log, below bound: Int, times: Int) throws {
    // Marsaglia's xorshift: cheap, and nothing foresees it.
    var random: UInt64 = 88_172_645_463_325_252
    for _ in 0..<times {
      random ^= random << 13
      random ^= random >> 7
      random ^= random << 17
      let offset = Offset(rawValue: Int64(random % UInt64(bound)))
      try log.withRecord(at: offset) { record in blackHole(record.value?.byteCount) }
    }
  }
}
