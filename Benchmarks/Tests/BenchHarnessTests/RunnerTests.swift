import Foundation
import Testing

@testable import BenchHarness

extension ProcessWide {
  struct RunnerTests {
    private let runner = Runner.brief()

    @Test func bodyAndLimitTakeTurns() throws {
      let log = Log()
      let limit = Reference(limitName, Routine(body: { log.add("limit", $0) }))
      let timing = try runner.time(
        Routine(body: { log.add("body", $0) }, references: [limit]))
      let turns = log.entries.suffix(2 * runner.settings.samples).map(\.name)
      #expect(turns == ["body", "limit", "body", "limit", "body", "limit"])
      #expect(timing.body.samples.count == runner.settings.samples)
      #expect(timing[reference: limitName]?.samples.count == runner.settings.samples)
    }

    @Test func allIsReadyBeforeEachSample() throws {
      let log = Log()
      let routine = Routine(
        maximumIterations: 7, beforeSample: { log.add("before", $0) },
        body: { log.add("body", $0) })
      _ = try runner.time(routine)
      let pairs = log.entries.filter { $0.name == "before" }.map(\.iterations)
      #expect(log.entries.map(\.name).prefix(2) == ["before", "body"])
      #expect(pairs == log.entries.filter { $0.name == "body" }.map(\.iterations))
      #expect(pairs.allSatisfy { $0 <= 7 })
    }

    @Test func aRoutineSaysHowLongItsSamplesAre() throws {
      let log = Log()
      let routine = Routine(
        iterations: 5, beforeSample: { log.add("before", $0) },
        body: { log.add("body", $0) }, afterSample: { log.add("after", 0) })
      let timing = try runner.time(routine)
      #expect(timing.body.samples.count == runner.settings.exactSamples)
      #expect(log.entries.map(\.name).prefix(3) == ["before", "body", "after"])
      #expect(log.entries.filter { $0.name == "body" }.allSatisfy { $0.iterations == 5 })
    }

    @Test func operationsAreToldApart() throws {
      let kinds = LatencyRoutine.Kinds(["tenth", "other"]) { $0 % 10 == 0 ? 0 : 1 }
      let routine = LatencyRoutine(operations: 100, kinds: kinds, operation: { _ in })
      let latencies = try runner.time(routine, pace: .backToBack).body
      #expect(latencies.count == 100)
      #expect(latencies[kind: "tenth"]?.count == 10)
      #expect(latencies[kind: "other"]?.count == 90)
    }

    @Test func anOperationMayTimeItself() throws {
      let reference = LatencyRoutine(operations: 10, timesItself: { _ in 7 })
      let routine = LatencyRoutine(
        operations: 10, timesItself: { UInt64($0) }, references: [Reference("seven", reference)])
      let timing = try runner.time(routine, pace: .backToBack)
      #expect(timing.body.value(at: .max) == 9)
      #expect(timing.references.first?.latencies.value(at: .p50) == 7)
    }

    @Test func whatWasGotReadyIsGivenBack() throws {
      let log = Log()
      let result = try runner.run(
        Benchmark("any") {
          Routine(body: { _ in }, tearDown: { log.add("torn down", 0) })
        })
      #expect(result.timing != nil)
      #expect(log.entries.map(\.name) == ["torn down"])
    }

    @Test func whatWasMeasuredIsKeptBeforeTheNextIs() throws {
      let file = URL.temporaryDirectory.appending(path: "varve-bench-\(UUID()).json")
      defer { try? FileManager.default.removeItem(at: file) }
      let log = Log()
      let benchmarks = ["first", "second"].map { name in
        Benchmark(name) {
          let kept = try String(contentsOf: file, encoding: .utf8)
          log.add(kept.contains("\"first\"") ? "has the first" : "has none", 0)
          return Routine(body: { _ in })
        }
      }
      let report = try Report.measuring(
        benchmarks, on: .current(), by: runner, asked: nil, telling: Progress(jsonPath: file.path))
      #expect(report.results.map(\.failure) == [nil, nil])
      #expect(log.entries.map(\.name) == ["has none", "has the first"])
    }

    @Test func whatALoopRecordsIsToldWithoutItsPractice() throws {
      let own = LatencyRecord()
      let others = LatencyRecord()
      let result = try runner.run(
        Benchmark("any") {
          Routine(
            iterations: 2, body: { _ in own.add([1, 3]) },
            references: [
              Reference("other", Routine(body: { _ in others.add([5]) }, latencies: others))
            ], latencies: own)
        })
      let latency = try #require(result.latency)
      #expect(latency.body.count == 2 * UInt64(runner.settings.exactSamples))
      #expect(latency.body.value(at: .max) == 3)
      #expect(latency.references.first?.latencies.value(at: .p50) == 5)
    }

    @Test func talliesAreTakenOnceAllIsTimed() throws {
      let log = Log()
      let result = try runner.run(
        Benchmark("any", goals: [.tally("calls", atMost: 1)]) {
          Routine(
            iterations: 1, body: { log.add("call", $0) },
            tallies: [Tally("calls") { Double(log.entries.count) }, Tally("unknown") { nil }])
        })
      let calls = log.entries.count
      #expect(result.tallies.map(\.value) == [Double(calls), nil])
      #expect(calls == runner.settings.exactSamples + 1)
      #expect(!result.shortcomings(by: .counts).isEmpty)
    }

    @Test func whatFailsIsTornDownToo() {
      let log = Log()
      #expect(throws: UsageError.self) {
        try runner.run(
          Benchmark("any") {
            Routine(
              body: { _ in throw UsageError("thrown") }, tearDown: { log.add("torn down", 0) })
          })
      }
      #expect(log.entries.map(\.name) == ["torn down"])
    }

    @Test func everyOperationIsRecorded() throws {
      let log = Log()
      let result = try runner.run(
        .latency("any", pace: .perSecond(1e5)) {
          LatencyRoutine(operation: { log.add("operation", $0) })
        })
      let recorded = try #require(result.latency).body.count
      #expect(recorded > 0)
      #expect(log.entries.last?.iterations == Int(recorded) - 1)
    }

    @Test func anOperationThatFallsBehindItsScheduleIsLate() throws {
      // Each takes ten times as long as there is for it, so that all but the first wait.
      let result = try runner.run(
        .latency("any", pace: .perSecond(1e5)) {
          LatencyRoutine(operation: { _ in Clock.spin(until: Clock.now + 100_000) })
        })
      let latency = try #require(result.latency).body
      #expect(latency.value(at: .max) >= 100_000 + (latency.count - 1) * 90_000)
    }
  }

  // SAFETY: the runner calls bodies one after the other, on the thread that called it.
  /// Who was called, and with what.
  private final class Log: @unchecked Sendable {
    private(set) var entries: [(name: String, iterations: Int)] = []

    func add(_ name: String, _ iterations: Int) {
      entries.append((name, iterations))
    }
  }
}
