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
    let actions = try policy.plan(view).compactMap { action -> CleanerAction? in
      guard let below = action.below, below > limit else { return action }
      isWhole = false
      let last = view.segments.last { $0.endOffset <= limit }
      return last.flatMap { action.bounded(to: $0.endOffset, in: view) }
    }
    // A roll was for the sake of what stays now.
    return isWhole ? actions : actions.filter { $0 != .roll }
  }

  /// What is needed by this one, or by the other.
  public func firstNeeded(in view: CleanerView) -> Offset? {
    min(limit(view), policy.firstNeeded(in: view) ?? .maximum)
  }
}

extension CleanerAction {
  /// Up to where it would remove something.
  fileprivate var below: Offset? {
    switch self {
    case .roll: nil
    case .delete(let below), .compact(let below, _): below
    }
  }

  /// The same below an offset, if there is something to do.
  fileprivate func bounded(to offset: Offset, in view: CleanerView) -> CleanerAction? {
    switch self {
    case .roll: self
    case .delete: .delete(below: offset)
    case .compact(_, let retention):
      offset > view.firstDirtyOffset ? .compact(below: offset, deleteRetention: retention) : nil
    }
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
