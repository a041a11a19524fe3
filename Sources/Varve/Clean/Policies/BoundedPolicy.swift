/// Does what another policy wants, but keeps what somebody needs.
public struct BoundedPolicy: CleanerPolicy {
  private let policy: any CleanerPolicy
  private let limit: @Sendable (CleanerView) -> Offset

  init(_ policy: any CleanerPolicy, limit: @escaping @Sendable (CleanerView) -> Offset) {
    self.policy = policy
    self.limit = limit
  }

  /// What the other one wants, below the first offset that is needed.
  public func plan(_ view: CleanerView) throws -> [CleanerAction] {
    let limit = limit(view)
    var isWhole = true
    let deletions = try policy.plan(view).compactMap { action -> CleanerAction? in
      guard case .delete(let below) = action, below > limit else { return action }
      isWhole = false
      let kept = view.segments.last { $0.endOffset <= limit }
      return kept.map { .delete(below: $0.endOffset) }
    }
    // A roll was for the sake of what stays now.
    return isWhole ? deletions : deletions.filter { $0 != .roll }
  }
}

extension CleanerPolicy {
  /// Keeps what this policy would remove, down to so many records, bytes and so much time: whichever is
  /// the most.
  public func keeping(
    records: Int = 0, bytes: Int = 0, youngerThan age: Duration = .zero
  ) -> BoundedPolicy {
    BoundedPolicy(self) { view in
      let (byRecords, overflow) = view.end.rawValue.subtractingReportingOverflow(Int64(records))
      var limit = overflow ? view.start : max(view.start, Offset(rawValue: byRecords))
      var byteCount = 0
      for segment in view.segments.reversed() {
        let isNeeded = byteCount < bytes || age > .zero && view.age(of: segment) <= age
        byteCount += segment.byteCount
        guard isNeeded else { continue }
        limit = min(limit, segment.baseOffset)
      }
      return limit
    }
  }

  /// Keeps what a consumer has still to read.
  ///
  /// - Parameter position: The lowest offset that any of them has yet to read; nil while that is not
  ///   known, and then nothing is removed.
  public func notBeyond(_ position: @escaping @Sendable () -> Offset?) -> BoundedPolicy {
    BoundedPolicy(self) { view in position() ?? view.start }
  }
}
