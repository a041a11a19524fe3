/// How much room a log's disk has for it: see ``Log/diskState``.
public enum DiskState: Hashable, Sendable {
  /// There is enough.
  case ok
  /// Less is free than ``DiskWatermarks`` asks for. Appends go on; where less than half of that is free, one
  /// that needs a new segment waits, for ten seconds at the most, for a ``CleanerPolicy`` to make room.
  case low
  /// An append met with a full disk or a used-up quota, or no segment is begun for the sake of the
  /// reserve. Appends that find no room throw ``LogError/Code/full`` at once; reading, deleting, closing
  /// and opening go on. Each append tries anew, so that they go on by themselves once there is room.
  case writeBlocked
}

/// From when on a log's disk counts as low, and how much of it is left to others.
public struct DiskWatermarks: Hashable, Sendable {
  /// The disk is low when fewer bytes are free.
  public var lowByteCount: Int
  /// The disk is low, too, when a smaller part of it is free.
  public var lowFraction: Double
  /// No segment is begun while fewer bytes are free: what deletes, closes and opens logs needs a little,
  /// and others on the disk perhaps more.
  public var reservedByteCount: Int

  /// These watermarks; without a word a disk is low below 64 MiB or two hundredths, and nothing is
  /// reserved.
  public init(
    lowByteCount: Int = 64 << 20, lowFraction: Double = 0.02, reservedByteCount: Int = 0
  ) {
    self.lowByteCount = lowByteCount
    self.lowFraction = lowFraction
    self.reservedByteCount = reservedByteCount
  }
}
