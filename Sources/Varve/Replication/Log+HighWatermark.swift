extension Log {
  /// Up to where the log is known to be replicated: what lies before outlives the loss of this one.
  ///
  /// It begins at the log's start, and is moved by whoever replicates. It lies between ``start`` and
  /// ``end`` always. It is not kept: whoever opens the log says it anew.
  public var highWatermark: Offset { watermark.offset }

  /// Moves the high watermark forward, as a leader does when its followers have come further: it never
  /// goes back, and never beyond the log's end.
  ///
  /// - Returns: Where it is now.
  @discardableResult
  public func advanceHighWatermark(to offset: Offset) -> Offset {
    moveHighWatermark { max($0, offset) }
  }

  /// Sets the high watermark to what the leader has told, as a follower does, bounded by the log's
  /// start and end. It may go back: a new leader may know less.
  ///
  /// - Returns: Where it is now.
  @discardableResult
  public func setHighWatermark(to offset: Offset) -> Offset { moveHighWatermark { _ in offset } }

  private func moveHighWatermark(_ next: (Offset) -> Offset) -> Offset {
    let (offset, hasMoved) = watermark.move(isSet: true) { bounded(next($0)) }
    guard hasMoved else { return offset }
    tell(.highWatermarkMoved(to: offset))
    watermark.watchers.wakeIfAny()
    flushEvents()
    return offset
  }

  /// Sees to it that the high watermark lies within the log, whose start or end has moved.
  func boundHighWatermark() {
    let (offset, hasMoved) = watermark.move { bounded($0) }
    if hasMoved { tell(.highWatermarkMoved(to: offset)) }
  }

  private func bounded(_ offset: Offset) -> Offset { max(start, min(offset, end)) }
}
