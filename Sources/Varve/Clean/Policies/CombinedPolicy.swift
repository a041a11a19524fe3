/// Does what any of several policies wants.
public struct CombinedPolicy: CleanerPolicy {
  private let policies: [any CleanerPolicy]

  /// Of these policies.
  public init(_ policies: [any CleanerPolicy]) { self.policies = policies }

  /// All that they want, until none wants anything more: what one removes may have been in the way of
  /// what another is to remove. One that throws keeps none of the others from it, unless nobody else
  /// wants anything.
  public func plan(_ view: CleanerView) throws -> [CleanerAction] {
    var (view, actions) = (view, try wishes(view))
    var plan = CleanerPlan(actions, for: view)
    // Each round removes a segment, or is the last.
    for _ in 0...view.segments.count where !plan.isEmpty {
      view = view.after(plan)
      let more = (try? wishes(view)) ?? []
      actions += more
      plan = CleanerPlan(more, for: view)
    }
    return actions
  }

  /// What is needed by any of them.
  public func firstNeeded(in view: CleanerView) -> Offset? {
    policies.compactMap { $0.firstNeeded(in: view) }.min()
  }

  private func wishes(_ view: CleanerView) throws -> [CleanerAction] {
    var (actions, failure) = ([CleanerAction](), (any Error)?.none)
    for policy in policies {
      do { actions += try policy.plan(view) } catch { failure = failure ?? error }
    }
    if actions.isEmpty, let failure { throw failure }
    return actions
  }
}

extension CleanerPolicy where Self == CombinedPolicy {
  /// Does what any of these policies wants.
  public static func combined(_ policies: any CleanerPolicy...) -> CombinedPolicy {
    CombinedPolicy(policies)
  }
}
