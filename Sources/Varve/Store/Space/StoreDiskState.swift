/// How much room there is on the disk that a store lies on, as if its ballast were there.
public enum StoreDiskState: Hashable, Sendable {
  /// There is enough.
  case ok
  /// Less is free than ``StoreWatermarks`` ask for: logs that allow it give up their oldest segments.
  case low
  /// So little is free that the ballast is given up as well.
  case critical
}

/// From when on the disk of a store counts as low, and as critical.
public struct StoreWatermarks: Hashable, Sendable {
  /// The disk is low when fewer bytes are free, or a smaller part of it.
  public var lowByteCount: Int
  /// See ``lowByteCount``.
  public var lowFraction: Double
  /// The disk is critical when fewer bytes are free, or a smaller part of it.
  public var criticalByteCount: Int
  /// See ``criticalByteCount``.
  public var criticalFraction: Double

  /// These watermarks. Without a word a disk is low below 64 MiB or two hundredths, and critical below
  /// 16 MiB or a two-hundredth. No mark counts for more than half of the disk.
  public init(
    lowByteCount: Int = 64 << 20, lowFraction: Double = 0.02, criticalByteCount: Int = 16 << 20,
    criticalFraction: Double = 0.005
  ) {
    self.lowByteCount = lowByteCount
    self.lowFraction = lowFraction
    self.criticalByteCount = criticalByteCount
    self.criticalFraction = criticalFraction
  }
}

extension StoreWatermarks {
  /// What is to be free of a disk of so many bytes; nothing of one of which that is not known.
  func low(of totalByteCount: Int) -> Int { mark(lowByteCount, lowFraction, totalByteCount) }

  /// Below how much a disk of so many bytes is critical. That is never more than is low.
  func critical(of totalByteCount: Int) -> Int {
    min(low(of: totalByteCount), mark(criticalByteCount, criticalFraction, totalByteCount))
  }

  /// A mark that a disk cannot meet would have everything deleted: hence the half.
  private func mark(_ byteCount: Int, _ fraction: Double, _ total: Int) -> Int {
    let part = Int(Double(max(0, total)) * min(max(0, fraction), 0.5))
    return min(max(byteCount, part), max(0, total) / 2)
  }

  func validate() throws(LogError) {
    let fractions = 0.0...1
    guard lowByteCount >= 0, criticalByteCount >= 0, fractions.contains(lowFraction),
      fractions.contains(criticalFraction)
    else {
      throw LogError(
        .invalidArgument, "watermarks must be bytes, and parts from 0 to 1: \(self)")
    }
  }
}
