import Foundation
import Testing
import VarveTesting

@testable import Varve

/// Bits of a log's files flip on the device: nobody is given a record that is another than was written,
/// or none where there was one, without being told.
///
/// `make bits` flips each bit of segments and indexes, which takes minutes without an optimizer. Of the other files, which
/// are hints and hold zeros for the most part, it flips more than else.
@Suite struct BitFlipTests {
  private static let isWhole = ProcessInfo.processInfo.environment["VARVE_ALL_BITS"] != nil

  /// Every so many bits; a number that no structure of the files has.
  private static func stride(_ kind: SegmentFileName.Kind?) -> Int {
    if isWhole { return kind == nil ? 499 : 1 }
    return kind == .log ? 23 : kind == nil ? 2999 : 19
  }

  /// What of a flipped bit was silent, by its file.
  private func silent(
    _ flips: BitFlips, _ name: String, counting count: inout Int
  ) throws -> [String] {
    let bits = (flips.wreck.bytes(name) ?? []).count * 8
    var found: [String] = []
    for bit in Swift.stride(
      from: 0, to: bits, by: Self.stride(SegmentFileName(parsing: name)?.kind))
    where !flips.isUncovered(bit, of: name) {
      count += 1
      do {
        for (offset, fate) in try flips.fates(flipping: bit, of: name) {
          if case .silent(let detail) = fate {
            found.append("\(name), byte \(bit / 8), bit \(bit % 8): offset \(offset): \(detail)")
          }
        }
      } catch {
        found.append("\(name), byte \(bit / 8), bit \(bit % 8): \(error)")
      }
    }
    return found
  }

  @Test(arguments: BitFlips.End.allCases, [false, true])
  func isServedAsItWasOrTold(_ end: BitFlips.End, hasLeaders: Bool) throws {
    let flips = try BitFlips(end, hasLeaders: hasLeaders)
    let names = flips.wreck.disk.files(in: flips.wreck.directory).keys.sorted()
    #expect(names.count(where: { $0.hasSuffix(".log") }) >= 3)
    var count = 0
    for name in names {
      let found = try silent(flips, name, counting: &count)
      #expect(found == [], "\(end)")
    }
    #expect(count > 500)
  }
}
