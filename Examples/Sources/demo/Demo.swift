import Foundation
import Varve

/// The parts of the demonstration, one after the other.
struct Demo {
  let directory: String

  /// How long it appends.
  static let duration = Duration.seconds(4)
  static let valueByteCount = 1024

  func run() async throws {
    try? FileManager.default.removeItem(atPath: directory)
    defer { try? FileManager.default.removeItem(atPath: directory) }

    heading("Varve: a commit log in this process")
    var configuration = LogConfiguration()
    configuration.segmentByteCount = 64 << 20
    let log = try await Log.open(at: directory, configuration: configuration)
    say("opened \(directory), segments of \(bytes(configuration.segmentByteCount))")

    let appended = try await append(to: log)
    try await lookUp(in: log, appended)
    try await serve(log)
    try await appendDurably(to: log)
    try await closeAndReopen(log, configuration)
    say("")
  }
}

// MARK: Appending, while a tail follows

extension Demo {
  struct Appended {
    var recordCount = 0
    var byteCount = 0
    var elapsed = Duration.zero
    var firstTime = Timestamp.none
    var lastTime = Timestamp.none
  }

  private func append(to log: Log) async throws -> Appended {
    heading("Appending for \(Self.duration), one record a call, while a task tails the log")
    let tail = Task { try await count(log.tail(from: .earliest)) { $0 >= log.end && $1 } }
    let appended = try await onThread { try appendNow(to: log) }
    say(
      "\(appended.recordCount.formatted()) records, \(bytes(appended.byteCount)) in \(log.segments.count) segments"
    )
    let rate = Double(appended.recordCount) / seconds(appended.elapsed)
    say("\(Int(rate).formatted()) records/s, \(bytes(Int(rate) * Self.valueByteCount))/s of values")

    // One more, so that a tail that has seen everything wakes up and sees that it is done.
    Finish.isNear.set()
    try log.append(Record(key: "last", value: "that is all"))
    let followed = try await tail.value
    say("the tail has got all \(followed.formatted()) records, in order")
    return appended
  }

  private func appendNow(to log: Log) throws -> Appended {
    var appended = Appended()
    var progress = ProgressLine()
    let value = [UInt8](repeating: UInt8(ascii: "v"), count: Self.valueByteCount)
    let clock = ContinuousClock()
    let start = clock.now
    while true {
      // A thousand at a time between looks at the clock.
      for _ in 0..<1000 {
        let receipt = try log.append(key: nil, value: value.span.bytes)
        if appended.recordCount == 0 { appended.firstTime = receipt.timestamp }
        appended.lastTime = receipt.timestamp
        appended.recordCount += 1
      }
      appended.byteCount = appended.recordCount * Self.valueByteCount
      appended.elapsed = clock.now - start
      progress.show(appended, of: Self.duration, segments: log.segments.count)
      if appended.elapsed >= Self.duration { break }
    }
    progress.end()
    return appended
  }

  /// Goes through batches until `isLast` says so of the offset behind one.
  private func count(
    _ tail: Tail, until isLast: (Offset, Bool) -> Bool
  ) async throws -> Int {
    var count = 0
    var expected: Offset = 0
    for try await batch in tail {
      guard batch.header.baseOffset == expected else {
        throw DemoError("offset \(batch.header.baseOffset) came, \(expected) was next")
      }
      expected = batch.header.nextOffset
      count += Int(batch.header.recordCount)
      if isLast(expected, Finish.isNear.isSet) { break }
    }
    return count
  }
}

// MARK: Looking up

extension Demo {
  private func lookUp(in log: Log, _ appended: Appended) async throws {
    heading("Looking up")
    let count = 100_000
    let elapsed = try await onThread {
      let clock = ContinuousClock()
      var generator = SystemRandomNumberGenerator()
      let offsets = (0..<count).map { _ in
        Offset(rawValue: Int64.random(in: 0..<Int64(appended.recordCount), using: &generator))
      }
      let start = clock.now
      for offset in offsets {
        guard try log.withRecord(at: offset, { $0.value?.byteCount }) == Self.valueByteCount else {
          throw DemoError("the record at \(offset) is not what was appended")
        }
      }
      return clock.now - start
    }
    let each = seconds(elapsed) / Double(count) * 1e6
    say(
      "\(count.formatted()) random offsets: \(each.formatted(.number.precision(.fractionLength(2)))) µs each, checksum compared"
    )

    let middle = Timestamp(
      milliseconds: (appended.firstTime.rawValue + appended.lastTime.rawValue) / 2)
    if let found = try await log.firstOffset(at: middle) {
      say("half time was at offset \(Int(found.offset.rawValue).formatted())")
    }
  }
}

// MARK: Serving

extension Demo {
  private func serve(_ log: Log) async throws {
    heading("Sending the log to another process over TCP: the kernel moves the pages")
    let listener = try Listener()
    let client = Process()
    client.executableURL = URL(filePath: CommandLine.arguments[0])
    client.arguments = ["receive", String(listener.port)]
    let output = Pipe()
    client.standardOutput = output
    try client.run()

    let connection = try await onThread { try listener.accept() }
    let reader = ZeroCopyReader(log)
    let clock = ContinuousClock()
    let start = clock.now
    var sent = 0
    var slice = try await reader.slice(from: .earliest, maximumByteCount: 4 << 20)
    while let current = slice {
      try await reader.send(current, to: connection.descriptor)
      sent += current.byteCount
      slice = try await reader.slice(after: current, maximumByteCount: 4 << 20)
    }
    connection.close()
    client.waitUntilExit()
    let rate = Double(sent) / seconds(clock.now - start)
    say(
      "sent \(bytes(sent)) at \(bytes(Int(rate)))/s, the client's checking of every checksum included"
    )
    let answer = output.fileHandleForReading.readDataToEndOfFile()
    say(
      "the client says: "
        + String(decoding: answer, as: UTF8.self).trimmingCharacters(in: .newlines))
    guard client.terminationStatus == 0 else { throw DemoError("the client failed") }
  }
}

// MARK: Appending durably

extension Demo {
  private static let taskCount = 32

  private func appendDurably(to log: Log) async throws {
    heading("Appending durably for a second, from \(Self.taskCount) tasks at once")
    try await log.flush()
    let clock = ContinuousClock()
    let end = clock.now + .seconds(1)
    let count = try await withThrowingTaskGroup(of: Int.self) { tasks in
      for task in 0..<Self.taskCount {
        tasks.addTask {
          var count = 0
          while clock.now < end {
            let record = Record(key: "task \(task)", value: "that is all, and on the device")
            let receipt = try await log.append(record, durability: .durable)
            guard log.durableEnd > receipt.offset else { throw DemoError("not durable") }
            count += 1
          }
          return count
        }
      }
      return try await tasks.reduce(0, +)
    }
    say("\(count.formatted()) records/s, each on the device when its task went on")
  }
}

// MARK: Closing and opening again

extension Demo {
  private func closeAndReopen(_ log: Log, _ configuration: LogConfiguration) async throws {
    heading("Closing, and opening again")
    let end = log.end
    let clock = ContinuousClock()
    let start = clock.now
    try await log.close()
    let closed = clock.now
    let again = try await Log.open(at: directory, configuration: configuration)
    let opened = clock.now
    guard again.end == end,
      let last = try await again.record(at: Offset(rawValue: end.rawValue - 1))
    else { throw DemoError("the log ends at \(again.end), not at \(end)") }
    say(
      "closed in \(milliseconds(closed - start)), everything on the device; opened in \(milliseconds(opened - closed))"
    )
    say("the last record still says: \(String(decoding: last.value ?? [], as: UTF8.self))")
    try await again.close()
    let files = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
    say("what is left is what Kafka would leave, and one file of ours that Kafka ignores:")
    for file in files.prefix(3) + files.suffix(1) { say("  \(file)") }
    say("  … \(files.count) files in all")
  }
}
