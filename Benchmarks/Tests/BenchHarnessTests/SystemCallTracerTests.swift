import Glibc
import Testing

@testable import BenchHarness

struct SystemCallTracerTests {
  /// Containers may forbid it, and then there is nothing to test but that it is said.
  private func trace(_ benchmark: String, program: String, iterations: Int = 10) throws
    -> SystemCallTrace?
  {
    do {
      return try SystemCallTracer(program: program).trace(benchmark, iterations: iterations)
    } catch let error as SystemError where error.code == EPERM {
      return nil
    }
  }

  @Test(arguments: [1, 10, 1000])
  func everyCallIsCountedByItsNumber(iterations: Int) throws {
    let name = SelfCheck.benchmark.name
    guard let trace = try trace(name, program: Executable.path, iterations: iterations) else {
      return
    }
    #expect(trace.perIteration == 2)
    #expect(Array(trace.totalByNumber.values) == [UInt64(2 * iterations)])
  }

  @Test func aProgramThatFailsHasNoCount() {
    expectError([ECHILD, EPERM]) { try trace("none", program: "/bin/false") }
    expectError([ECHILD, EPERM]) { try trace("none", program: "/nothing/is/here") }
    expectError([ECHILD, EPERM]) { try trace("no/such/benchmark", program: Executable.path) }
  }

  @Test func aProgramWithoutMarksHasNoCount() {
    expectError([EPROTO, EPERM]) { try trace("none", program: "/bin/true") }
  }

  private func expectError(_ codes: [Int32], _ work: () throws -> SystemCallTrace?) {
    do {
      // Nil is what becomes of EPERM.
      #expect(try work() == nil)
    } catch let error as SystemError {
      #expect(codes.contains(error.code), "\(error)")
    } catch {
      Issue.record(error)
    }
  }
}
