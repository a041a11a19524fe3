/// Removes what is too old, and the oldest of what is too much.
public struct RetentionPolicy: CleanerPolicy, Hashable {
  /// How old a segment may become: it goes when it is older. `retention.ms`
  public var age: Duration?
  /// How many bytes are kept: the oldest segments go without which as many are left. `retention.bytes`
  public var byteCount: Int?
  /// How much of the disk is to be free: the oldest segments go until it is, or until there is but the one
  /// that is being written.
  public var freeByteCount: Int?

  /// A policy of these bounds; nil for none.
  public init(age: Duration? = nil, byteCount: Int? = nil, freeByteCount: Int? = nil) {
    self.age = age
    self.byteCount = byteCount
    self.freeByteCount = freeByteCount
  }

  /// The segments that are beyond one of the bounds.
  public func plan(_ view: CleanerView) -> [CleanerAction] {
    var excess = byteCount.map { view.byteCount - max(0, $0) } ?? 0
    var missing = freeByteCount.flatMap { wanted in view.freeByteCount.map { wanted - $0 } } ?? 0
    return view.deletion { segment in
      let isTooOld = age.map { view.age(of: segment) > $0 } ?? false
      let isTooMuch = byteCount != nil && excess >= segment.byteCount && excess > 0
      let isInTheWay = missing > 0 && !segment.isActive
      guard isTooOld || isTooMuch || isInTheWay else { return false }
      excess -= segment.byteCount
      // Its space is free when nobody holds it any more; that much has been done about it.
      missing -= segment.byteCount
      return true
    }
  }
}

extension CleanerPolicy where Self == RetentionPolicy {
  /// Removes what is older than a time, and the oldest of what is more than so many bytes.
  public static func delete(
    olderThan age: Duration? = nil, beyondBytes byteCount: Int? = nil
  ) -> RetentionPolicy {
    RetentionPolicy(age: age, byteCount: byteCount)
  }

  /// Removes the oldest segments when less than so many bytes of the disk are free.
  public static func delete(whenFreeBelow byteCount: Int) -> RetentionPolicy {
    RetentionPolicy(freeByteCount: byteCount)
  }
}
