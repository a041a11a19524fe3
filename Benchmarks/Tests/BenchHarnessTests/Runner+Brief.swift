@testable import BenchHarness

extension Runner {
  /// One that only sees that all runs, and keeps its files beside the tests.
  static func brief() -> Runner {
    // Whether there is a program to be found beside, a test that needs no files need not know.
    let parent = try! WorkDirectory.Parent(nil)
    return Runner(
      settings: .smoke, surroundings: Surroundings(isBrief: true, parent: parent),
      tracer: SystemCallTracer(), takesCounts: false)
  }
}
