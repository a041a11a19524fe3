import Foundation
import Testing

@testable import BenchHarness

struct ReportTests {
  @Test func columnsLineUp() {
    var table = Table(header: ["name", "a", "figure"])
    table.add(["longer", "12345", "1"])
    table.add(["x", "1"])
    #expect(
      table.text == """
        name        a  figure
        longer  12345       1
        x           1
        """)
  }

  @Test func countsAreNotShownIfTheSelfCheckIsOff() {
    let shown = Self.report(retains: 2)
    #expect(shown.text.contains("counts per iteration"))
    #expect(shown.shortcomings(by: .goals).isEmpty)
    let hidden = Self.report(retains: 0)
    #expect(!hidden.text.contains("counts per iteration"))
    #expect(hidden.text.contains("retains: 0 instead of 2"))
    #expect(!hidden.shortcomings(by: .goals).isEmpty)
  }

  @Test func unoptimisedCodeMayDoMoreButNotLess() {
    var counts = OperationCounts()
    counts[.retains] = 5
    #expect(SelfCheck.deviations(in: counts, exactly: false).isEmpty)
    #expect(SelfCheck.deviations(in: counts, exactly: true).count == 1)
    counts[.retains] = 1
    #expect(SelfCheck.deviations(in: counts, exactly: false).count == 1)
  }

  @Test func whatIsUnknownIsNotZero() {
    let report = Self.report(retains: nil)
    #expect(report.text.contains("unknown are: retains"))
    #expect(report.shortcomings(by: .goals).isEmpty)
  }

  @Test func aFailureIsToldAndNotAsWanted() {
    var report = Self.report(retains: 2)
    report.results[0].failure = "no space"
    #expect(report.text.contains("any failed: no space"))
    #expect(!report.shortcomings(by: .goals).isEmpty)
  }

  @Test func theCompilersVersionIsFoundInAProgram() {
    let program = Array("x\0Swift version \0Swift version 6.3.1 (release)\0y".utf8)
    #expect(CompilerVersion.version(in: program) == "6.3.1")
    #expect(CompilerVersion.version(in: Array("Swift version \0".utf8)) == nil)
  }

  @Test func machineFactsAreKnown() {
    let machine = MachineFacts.current()
    #expect(machine.cores > 0)
    #expect(machine.pageSize > 0)
    #expect(machine.date.count == "2000-01-01T00:00:00Z".count)
    #expect(machine.swift.first?.isNumber == true)
  }

  @Test func ofAKernelItsVersionIsTold() {
    #expect(MachineFacts.kernelVersion(ofRelease: "6.18.44-mine-v5") == "6.18")
    #expect(MachineFacts.kernelVersion(ofRelease: "6.1.0") == "6.1")
    #expect(MachineFacts.kernelVersion(ofRelease: "5.15-rc1") == "5.15")
  }

  private static func report(retains: Double?) -> Report {
    var counts = OperationCounts()
    for (counter, count) in SelfCheck.expected { counts[counter] = count }
    counts[.retains] = retains
    return Report(
      machine: .current(), settings: .smoke,
      selfCheck: SelfCheck.Outcome(counts, systemCallsUnknown: nil),
      results: [BenchmarkResult(Benchmark("any") { Routine(body: { _ in }) })])
  }
}
