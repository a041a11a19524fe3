import FuzzSupport
import KafkaReference

/// Changes to batches whose checksums are put right, so that what is behind them is reached.
enum Batches {
  /// Place and size of each field of a batch's header.
  private static let fields = [
    (0, 8), (8, 4), (12, 4), (16, 1), (21, 2), (23, 4), (27, 8), (35, 8), (43, 8), (51, 2), (53, 4),
    (57, 4),
  ]
  private static let headerByteCount = 61
  private static let checksumPosition = 17
  private static let coveredFrom = 21

  static func setField(in bytes: inout [UInt8], _ input: inout FuzzInput) {
    let batches = ranges(in: bytes)
    guard !batches.isEmpty else { return }
    let batch = input.element(of: batches)
    let (position, count) = input.element(of: fields)
    BigEndian.store(
      input.extremeInteger(Int64.self), in: &bytes, at: batch.lowerBound + position, count: count)
    repair(&bytes, batch)
  }

  /// Puts batches of another segment, or of this one, before, behind or instead of one.
  static func splice(_ bytes: inout [UInt8], from other: [UInt8], _ input: inout FuzzInput) {
    let batches = ranges(in: other)
    guard !batches.isEmpty else { return }
    let source = Array(other[input.element(of: batches)])
    let targets = ranges(in: bytes)
    guard !targets.isEmpty else { return bytes = source }
    let target = input.element(of: targets)
    switch input.choice(3) {
    case 0: bytes.replaceSubrange(target, with: source)
    case 1: bytes.insert(contentsOf: source, at: target.lowerBound)
    default: bytes.insert(contentsOf: source, at: target.upperBound)
    }
  }

  private static func ranges(in bytes: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var position = 0
    while position + headerByteCount <= bytes.count {
      let count = 12 + BigEndian.number(in: bytes, at: position + 8, count: 4)
      guard count >= headerByteCount, position + count <= bytes.count else { break }
      found.append(position..<position + count)
      position += count
    }
    return found
  }

  private static func repair(_ bytes: inout [UInt8], _ batch: Range<Int>) {
    let checksum = ReferenceCRC32C.checksum(
      of: bytes[batch.lowerBound + coveredFrom..<batch.upperBound])
    BigEndian.store(
      Int64(checksum), in: &bytes, at: batch.lowerBound + checksumPosition, count: 4)
  }
}
