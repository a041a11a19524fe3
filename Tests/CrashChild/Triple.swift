/// Three numbers in 24 bytes: reports, and the keys of records.
struct Triple: Hashable, Sendable {
  static let byteCount = 24

  var first: Int64
  var second: Int64
  var third: Int64

  init(_ first: Int64, _ second: Int64, _ third: Int64) {
    (self.first, self.second, self.third) = (first, second, third)
  }

  /// - Parameter bytes: 24 of them.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count == Self.byteCount else { return nil }
    self.init(
      bytes.loadUnaligned(fromByteOffset: 0, as: Int64.self),
      bytes.loadUnaligned(fromByteOffset: 8, as: Int64.self),
      bytes.loadUnaligned(fromByteOffset: 16, as: Int64.self))
  }

  var bytes: [UInt8] {
    [first, second, third].withUnsafeBytes { [UInt8]($0) }
  }
}
