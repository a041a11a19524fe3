import FuzzSupport

/// Index files whose numbers are sums of small steps, some of which are 0.
enum Ascending {
  static func offsetIndex(from input: inout FuzzInput) -> [UInt8] {
    var bytes: [UInt8] = []
    var offset: UInt32 = 0
    var position: UInt32 = 0
    while input.remainingCount > 0 {
      offset &+= input.integer(UInt16.self).magnitudeStep
      position &+= input.integer(UInt16.self).magnitudeStep
      bytes.append(bigEndian: offset)
      bytes.append(bigEndian: position)
    }
    return bytes
  }

  static func timeIndex(from input: inout FuzzInput) -> [UInt8] {
    var bytes: [UInt8] = []
    var time: UInt64 = 0
    var offset: UInt32 = 0
    while input.remainingCount > 0 {
      time &+= UInt64(input.integer(UInt16.self).magnitudeStep)
      offset &+= input.integer(UInt16.self).magnitudeStep
      bytes.append(bigEndian: time)
      bytes.append(bigEndian: offset)
    }
    return bytes
  }
}

extension UInt16 {
  /// Mostly small, now and then near 2³¹.
  fileprivate var magnitudeStep: UInt32 { UInt32(self & 0x3fff) << (self >> 14 == 3 ? 17 : 0) }
}

extension [UInt8] {
  fileprivate mutating func append<T: FixedWidthInteger>(bigEndian value: T) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }
}
