extension Histogram {
  /// Which values a bucket counts.
  ///
  /// A value is cut to its eight highest bits; the bucket is those bits and how many were cut.
  enum Layout {
    private static let octaveBits = 7
    static let bucketsInOctave = 1 << octaveBits
    static let bucketCount = (UInt64.bitWidth - octaveBits + 1) * bucketsInOctave

    @inline(__always)
    static func bucket(of value: UInt64) -> Int {
      let cut = max(0, UInt64.bitWidth - 1 - octaveBits - value.leadingZeroBitCount)
      return cut << octaveBits + Int(value >> UInt64(cut))
    }

    static func largestValue(of bucket: Int) -> UInt64 {
      let cut = max(0, bucket >> octaveBits - 1)
      let kept = UInt64(bucket - cut << octaveBits)
      return kept << UInt64(cut) | (1 << UInt64(cut) - 1)
    }
  }
}
