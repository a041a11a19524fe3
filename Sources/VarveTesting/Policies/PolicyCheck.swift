public import Varve

/// Asks a ``/Varve/CleanerPolicy`` about many logs, and says where it does not keep to the rules.
///
/// ```swift
/// @Test func myPolicyKeepsToTheRules() throws {
///   #expect(try PolicyCheck(seed: 1).findings(of: LastMillion()).isEmpty)
/// }
/// ```
public struct PolicyCheck: Sendable {
  /// Something that a policy did and must not do.
  public struct Finding: Hashable, Sendable {
    /// Which rule it broke.
    public let rule: Rule
    /// What it was asked about.
    public let view: CleanerView
    /// What it answered.
    public let actions: [CleanerAction]
  }

  /// What a policy must keep to.
  public enum Rule: Hashable, Sendable {
    /// Asked the same, it answers the same.
    case answersTheSame
    /// When what it wanted has been done, it wants nothing more.
    case isContent
    /// It wants nothing that the log refuses.
    case asksForWhatThereIs
  }

  private let seed: UInt64
  private let viewCount: Int

  /// A check with so many logs, drawn from a seed.
  public init(seed: UInt64, viewCount: Int = 1000) {
    self.seed = seed
    self.viewCount = viewCount
  }

  /// Where the policy breaks a rule.
  ///
  /// - Throws: What the policy throws.
  public func findings(of policy: some CleanerPolicy) throws -> [Finding] {
    var random = SplitMix(seed: seed)
    var findings: [Finding] = []
    for _ in 0..<viewCount {
      let view = CleanerView.drawn(from: &random)
      let actions = try policy.plan(view)
      for rule in try brokenRules(policy, view, actions) {
        findings.append(Finding(rule: rule, view: view, actions: actions))
      }
    }
    return findings
  }

  private func brokenRules(
    _ policy: some CleanerPolicy, _ view: CleanerView, _ actions: [CleanerAction]
  ) throws -> [Rule] {
    var broken: [Rule] = []
    if try policy.plan(view) != actions { broken.append(.answersTheSame) }
    let plan = CleanerPlan(actions, for: view)
    if !plan.refusals.isEmpty { broken.append(.asksForWhatThereIs) }
    if try !policy.plan(view.after(plan)).isEmpty { broken.append(.isContent) }
    return broken
  }
}
