import Testing

@testable import BenchHarness

struct SystemCallTracerTests {
  /// Containers may forbid it, and then there is nothing to test.
  private static let isAllowed: Bool = {
    do {
      _ = try SystemCallTracer(program: "/bin/true").trace("none", iterations: 1)
    } catch TraceError.notAllowed {
      return false
    } catch {}
    return true
  }()

  private func trace(
    _ benchmark: String, program: String, iterations: Int = 10
  ) throws -> SystemCallTrace {
    try SystemCallTracer(program: program).trace(benchmark, iterations: iterations)
  }

  @Test(.enabled(if: isAllowed), arguments: [1, 10, 1000])
  func everyCallIsCountedByItsNumber(iterations: Int) throws {
    let name = SelfCheck.benchmark.name
    let trace = try trace(name, program: Executable.path, iterations: iterations)
    #expect(trace.perIteration == 2)
    #expect(Array(trace.totalByNumber.values) == [UInt64(2 * iterations)])
  }

  @Test(.enabled(if: isAllowed))
  func aProgramThatFailsHasNoCount() {
    #expect(throws: TraceError.failed) { try trace("none", program: "/bin/false") }
    #expect(throws: TraceError.failed) { try trace("none", program: "/nothing/is/here") }
    #expect(throws: TraceError.failed) { try trace("no/such/benchmark", program: Executable.path) }
  }

  @Test(.enabled(if: isAllowed))
  func aProgramWithoutMarksHasNoCount() {
    #expect(throws: TraceError.unmarked) { try trace("none", program: "/bin/true") }
  }
}
