import Foundation
import Synchronization
import Testing
import VarveSystem

@testable import Varve

/// Everything at once, over many small segments: threads that append, scan, follow and look up. What
/// each reads is what was appended, in order and once.
@Suite struct LogRaceTests {
  /// How long it goes on. More is for sanitizers.
  private static let duration: Duration = .seconds(
    Double(ProcessInfo.processInfo.environment["VARVE_RACE_SECONDS"] ?? "") ?? 3)

  /// What is appended at a number: who reads it can tell whether it is right.
  private static func record(_ appender: Int, _ number: Int) -> Record {
    Record(
      key: "\(appender)", value: "\(number) " + String(repeating: "x", count: number * 31 % 400),
      timestamp: .at(Int64(number)))
  }

  /// Checks records as they come, in the order of the log.
  private struct Check {
    private(set) var next: Offset = 0
    private var numbers: [String: Int] = [:]
    private(set) var problems: [String] = []

    mutating func see(_ offset: Offset, _ record: Record) {
      let key = String(decoding: record.key ?? [], as: UTF8.self)
      let number = numbers[key, default: 0]
      if offset != next { problems.append("\(offset) where \(next) is next") }
      if record != LogRaceTests.record(Int(key) ?? -1, number) {
        problems.append("\(offset) is \(record), not the \(number)th of \(key)")
      }
      next = Offset(rawValue: offset.rawValue + 1)
      numbers[key] = number + 1
    }
  }

  private struct Course {
    let log: Log
    let end = ContinuousClock.now + duration

    /// Not before there have been rolls, however slow the machine is.
    var isOver: Bool { ContinuousClock.now >= end && log.segments.count > 2 }

    /// Appends in one way after the other, and returns how many records.
    func append(as appender: Int) throws -> Int {
      var number = 0
      while !isOver {
        let record = record(appender, number)
        switch number % 7 {
        case 3:
          let many = (number..<number + 5).map { LogRaceTests.record(appender, $0) }
          let receipt = try log.append(many)
          guard receipt.nextOffset.rawValue - receipt.baseOffset.rawValue == 5 else { return -1 }
          number += 5
        case 5:
          let bytes = try RecordBatch.of([record]).array
          try log.append(producedBatch: bytes.span.bytes)
          number += 1
        default:
          try log.append(record)
          number += 1
        }
        // In bursts, or the readers would have no chance to read it all.
        if number % 64 < 2 { usleep(10_000) }
      }
      return number
    }

    /// Scans from the start again and again; each scan sees at least what was there when it began.
    func scan() throws -> [String] {
      repeat {
        let end = log.end
        var check = Check()
        for each in try log.stored() {
          check.see(each.offset, each.record)
          if isOver, check.problems.isEmpty { return [] }
        }
        guard check.problems.isEmpty else { return check.problems }
        guard check.next >= end else { return ["a scan ended at \(check.next), before \(end)"] }
      } while !isOver
      return []
    }

    func follow() async throws -> Check {
      var check = Check()
      for try await batch in log.tail(from: .earliest) {
        for record in try batch.records() {
          check.see(record.offset, Record(copying: record.view))
        }
      }
      return check
    }

    /// Looks up whatever is there.
    func lookUp() throws -> [String] {
      var random = SplitMix(seed: 7)
      repeat {
        let end = log.end.rawValue
        guard end > 0 else { continue }
        let offset = Offset(rawValue: Int64.random(in: 0..<end, using: &random))
        guard let record = try log.recordNow(at: offset) else { return ["nothing at \(offset)"] }
        let first = try log.firstNow(at: record.timestamp ?? .none)
        guard let first, first.offset <= offset, first.timestamp >= record.timestamp ?? .none
        else { return ["time of \(offset): \(String(describing: first))"] }
        if let index = log.segments.randomElement(using: &random)?.index, index.count > 0 {
          _ = index.floor(of: offset)
        }
      } while !isOver
      return []
    }
  }

  @Test(arguments: Place.all)
  func everythingAtOnce(_ place: Place) async throws {
    try await place.withDirectory { directory in
      var configuration = place.configuration(segmentByteCount: 128 << 10)
      configuration.indexIntervalByteCount = 512
      let observer = EventRecorder()
      configuration.observer = observer
      let log = try await Log.open(
        at: directory, configuration: configuration, runtime: LogRuntime(),
        environment: .unsynced)
      let course = Course(log: log)
      let tails = (0..<2).map { _ in Task { try await course.follow() } }
      let readers = [
        onThread { try course.scan() }, onThread { try course.scan() },
        onThread { try course.lookUp() },
      ]
      let appenders = (0..<4).map { number in onThread { try course.append(as: number) } }
      var count = 0
      for appender in appenders { count += try await appender.value }
      for reader in readers { #expect(try await reader.value == []) }
      #expect(log.end == Offset(rawValue: Int64(count)))
      try await log.close()
      for tail in tails {
        let check = try await tail.value
        #expect(check.problems.prefix(3) == [])
        #expect(check.next == log.end)
      }
      #expect(observer.failures.isEmpty && observer.wrongIndexes.isEmpty)

      let again = try await Log.open(
        at: directory, configuration: configuration, environment: .unsynced)
      var check = Check()
      for each in try again.stored() { check.see(each.offset, each.record) }
      #expect(check.problems.prefix(3) == [])
      #expect(check.next == Offset(rawValue: Int64(count)))
      #expect(again.segments.count > 2)
      try await again.close()
    }
  }

  /// Appenders that are still at it when the log is closed: each append is there, or was refused.
  @Test(arguments: Place.all)
  func closingAmidAppends(_ place: Place) async throws {
    for _ in 0..<5 {
      try await place.withDirectory { directory in
        let configuration = place.configuration(segmentByteCount: 16 << 10)
        let log = try await Log.open(
          at: directory, configuration: configuration, runtime: LogRuntime(),
          environment: .unsynced)
        let appenders = (0..<4).map { number in
          onThread { () -> Int in
            var count = 0
            do {
              while true {
                try log.append(Self.record(number, count))
                count += 1
              }
            } catch {
              guard (error as? LogError)?.code == .closed else { throw error }
              return count
            }
          }
        }
        while log.end < 500 { try await Task.sleep(for: .milliseconds(1)) }
        try await log.close()
        var count = 0
        for appender in appenders { count += try await appender.value }
        #expect(log.end == Offset(rawValue: Int64(count)))
        let again = try await Log.open(
          at: directory, configuration: configuration, environment: .unsynced)
        var check = Check()
        for each in try again.stored() { check.see(each.offset, each.record) }
        #expect(check.problems.prefix(3) == [])
        #expect(check.next == Offset(rawValue: Int64(count)))
        try await again.close()
      }
    }
  }

  /// Tasks that wait at the end of a log, and are cancelled, while it grows and when it is closed.
  @Test(arguments: Place.all)
  func cancellingTails(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try await Log.open(
        at: directory, configuration: place.configuration(), runtime: LogRuntime(),
        environment: .unsynced)
      let appender = onThread {
        for number in 0..<300 {
          try log.append(Self.record(0, number))
          usleep(100)
        }
      }
      for round in 0..<100 {
        let tail = Task {
          for try await _ in log.tail(from: .latest) {}
        }
        if round % 3 == 0 { try await Task.sleep(for: .milliseconds(1)) }
        tail.cancel()
        let result = await tail.result
        #expect(throws: LogError.self) { try result.get() }
        if case .failure(let error) = result {
          #expect((error as? LogError)?.code == .cancelled)
        }
      }
      try await appender.value
      let last = Task { () -> Int in
        var count = 0
        for try await _ in log.tail(from: .last(10)) { count += 1 }
        return count
      }
      try await log.close()
      #expect(try await last.value == 10)
    }
  }

  /// Has something done on a thread of its own, since it may wait.
  private func onThread<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) -> Task<Value, any Error> {
    Task {
      try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
      }
    }
  }
}
