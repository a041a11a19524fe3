internal import VarveSystem

// What a log gives up when the disk of its store is low.

extension Log {
  /// The segments that it can do without, oldest first.
  func spareSegments() throws(LogError) -> [CleanerSegment] {
    guard mode == .readWrite, !isClosed else { return [] }
    let view = try cleanerView()
    return view.spare(before: configuration.cleaner?.firstNeeded(in: view))
  }

  /// Removes those of them that lie before an offset, and returns which these were.
  func giveUp(below offset: Offset) throws(LogError) -> [CleanerSegment] {
    defer { flushEvents() }
    // Looked at anew: since the plan was made, slices may have been taken.
    let view = try cleanerView()
    let spare = view.spare(before: configuration.cleaner?.firstNeeded(in: view))
    guard let last = spare.last(where: { $0.endOffset <= offset }) else { return [] }
    let plan = CleanerPlan([.delete(below: last.endOffset)], for: view)
    let report = try carryOut(plan, view)
    tell(.cleaned(report))
    return report.deleted
  }
}
