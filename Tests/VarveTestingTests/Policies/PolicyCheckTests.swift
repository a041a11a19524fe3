import Testing
import Varve
import VarveTesting

/// The built-in policies keep to the rules, and one that does not is found out.
@Suite struct PolicyCheckTests {
  private func findings(_ policy: some CleanerPolicy) throws -> Set<PolicyCheck.Rule> {
    Set(try PolicyCheck(seed: 7, viewCount: 300).findings(of: policy).map(\.rule))
  }

  @Test func builtInPolicies() throws {
    for age in [nil, .zero, .seconds(1000), .seconds(500_000)] as [Duration?] {
      for byteCount in [nil, 0, 1000, 500_000] as [Int?] {
        for free in [nil, 1_000_000] as [Int?] {
          let policy = RetentionPolicy(age: age, byteCount: byteCount, freeByteCount: free)
          #expect(try findings(policy).isEmpty)
          #expect(try findings(policy.keeping(records: 3000, bytes: 100_000)).isEmpty)
          #expect(try findings(policy.keeping(youngerThan: .seconds(500_000))).isEmpty)
          #expect(try findings(policy.notBeyond { 2000 }).isEmpty)
          #expect(try findings(.combined(policy, .delete(beyondBytes: 300_000))).isEmpty)
        }
      }
    }
  }

  /// Wants one segment more each time it is asked.
  private struct Greedy: CleanerPolicy {
    func plan(_ view: CleanerView) -> [CleanerAction] {
      view.segments.first.map { [.delete(below: $0.endOffset)] } ?? []
    }
  }

  private struct Liar: CleanerPolicy {
    func plan(_ view: CleanerView) -> [CleanerAction] {
      [.delete(below: view.end.advanced(by: 1))]
    }
  }

  private final class Fickle: CleanerPolicy {
    private let count = ManualClock()
    func plan(_ view: CleanerView) -> [CleanerAction] {
      count.advance(byMilliseconds: 1)
      return count.wallMilliseconds % 2 == 0
        ? [] : RetentionPolicy(byteCount: 0).plan(view)
    }
  }

  @Test func thoseThatDoNotAreFoundOut() throws {
    #expect(try findings(Greedy()).contains(.isContent))
    #expect(try findings(Liar()).contains(.asksForWhatThereIs))
    #expect(try findings(Fickle()).contains(.answersTheSame))
  }
}
