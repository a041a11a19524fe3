extension [UInt8] {
  /// Appends an integer, most significant byte first.
  mutating func append<T: FixedWidthInteger>(bigEndian value: T) {
    for shift in stride(from: T.bitWidth - 8, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: value >> T(truncatingIfNeeded: shift)))
    }
  }
}
