/// What is left of a policy's actions once they have been compared with the log.
public struct CleanerPlan: Hashable, Sendable {
  /// An action that is not carried out, and why.
  public struct Refusal: Hashable, Sendable {
    /// What the policy wanted.
    public let action: CleanerAction
    /// Why it does not get it.
    public let reason: String
  }

  /// Segments of which the last record of each key is kept.
  public struct Compaction: Hashable, Sendable {
    /// The first offset behind them.
    public var below: Offset
    /// For how long records stay that delete their key.
    public var deleteRetention: Duration
  }

  /// Whether the log goes on in a new segment first.
  public private(set) var rolls = false
  /// The first offset that is kept, if something goes.
  public private(set) var deletesBelow: Offset?
  /// What is compacted, if anything is.
  public private(set) var compaction: Compaction?
  /// What was refused.
  public private(set) var refusals: [Refusal] = []

  /// Compares actions with what is there.
  public init(_ actions: [CleanerAction], for view: CleanerView) {
    for action in actions {
      if let reason = Self.reason(against: action, view) {
        refusals.append(Refusal(action: action, reason: reason))
      } else {
        take(action)
      }
    }
    refuseActive(in: view)
  }

  private mutating func take(_ action: CleanerAction) {
    switch action {
    case .roll: rolls = true
    case .delete(let offset): deletesBelow = max(deletesBelow ?? offset, offset)
    case .compact(let offset, let retention):
      compaction = Compaction(
        below: max(compaction?.below ?? offset, offset),
        deleteRetention: max(compaction?.deleteRetention ?? retention, retention))
    }
  }

  /// Whether there is nothing to do.
  public var isEmpty: Bool { !rolls && deletesBelow == nil && compaction == nil }

  /// The segments that go.
  public func deleted(from view: CleanerView) -> [CleanerSegment] {
    guard let deletesBelow else { return [] }
    return Array(
      view.segments.prefix { $0.endOffset <= deletesBelow && (!$0.isActive || rolls) })
  }

  private static func reason(against action: CleanerAction, _ view: CleanerView) -> String? {
    switch action {
    case .roll:
      return view.segments.last.map { $0.byteCount > 0 } ?? false
        ? nil : "there is nothing in the segment that is being written"
    case .delete(let offset):
      if offset > view.end { return "the log ends at \(view.end)" }
      if offset > view.deletableEnd {
        return "what lies behind \(view.deletableEnd) is not committed yet"
      }
      guard let first = view.segments.first, first.endOffset <= offset else {
        return "no segment lies wholly below it"
      }
      return nil
    case .compact(let offset, let retention):
      if retention < .zero { return "no time is \(retention)" }
      if offset > view.compactableEnd {
        return "what lies behind \(view.compactableEnd) may change still, or is lost"
      }
      guard let last = view.segments.last(where: { $0.endOffset <= offset }),
        last.endOffset > view.firstDirtyOffset
      else { return "nothing below it has come to the log since it was compacted" }
      return nil
    }
  }

  /// The segment that is being written goes, or is compacted, only with a roll.
  private mutating func refuseActive(in view: CleanerView) {
    guard !rolls, let last = view.segments.last, last.isActive, last.byteCount > 0 else { return }
    refuseToCompact(last)
    guard let below = deletesBelow,
      last.endOffset <= below
    else { return }
    let action = CleanerAction.delete(below: below)
    if view.segments.count > 1 {
      deletesBelow = last.baseOffset
    } else {
      deletesBelow = nil
    }
    refusals.append(
      Refusal(action: action, reason: "the segment that is being written goes with a roll only"))
  }

  private mutating func refuseToCompact(_ active: CleanerSegment) {
    guard let wanted = compaction, active.endOffset <= wanted.below else { return }
    compaction = nil
    refusals.append(
      Refusal(
        action: .compact(below: wanted.below, deleteRetention: wanted.deleteRetention),
        reason: "the segment that is being written is compacted with a roll only"))
  }
}

extension CleanerView {
  /// The log as it is when a plan has been carried out, at the same time.
  public func after(_ plan: CleanerPlan) -> CleanerView {
    let deleted = plan.deleted(from: self)
    var view = self
    view.segments.removeFirst(deleted.count)
    if let free = freeByteCount {
      view.freeByteCount = free + deleted.reduce(0) { $0 + $1.byteCount }
    }
    if plan.rolls {
      if let last = view.segments.indices.last { view.segments[last].isActive = false }
      view.segments.append(
        CleanerSegment(baseOffset: end, endOffset: end, byteCount: 0, isActive: true))
    }
    view.start = max(start, view.segments.first?.baseOffset ?? end)
    if let compaction = plan.compaction {
      // What is left of them is not known before. What lies behind has times of its own.
      view.firstDirtyOffset = max(firstDirtyOffset, end(ofSegmentsBelow: compaction.below))
      view.dirtySince = nil
    }
    view.firstDirtyOffset = max(view.firstDirtyOffset, view.start)
    return view
  }

  /// Where the last segment ends that lies below an offset as a whole.
  private func end(ofSegmentsBelow offset: Offset) -> Offset {
    segments.last { $0.endOffset <= offset }?.endOffset ?? firstDirtyOffset
  }
}
