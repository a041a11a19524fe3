import Testing

@testable import Varve

@Suite struct SegmentDigestTests {
  private struct Batch: Hashable {
    var baseOffset: Int64
    var byteCount: Int
    var leaderEpoch: LeaderEpoch
    var checksum: UInt32
  }

  private func digest(_ batches: [Batch]) -> SegmentDigest {
    var digest = SegmentDigest()
    for batch in batches {
      digest.add(
        baseOffset: batch.baseOffset, byteCount: batch.byteCount, leaderEpoch: batch.leaderEpoch,
        checksum: batch.checksum)
    }
    return digest
  }

  private func batches(_ count: Int, seed: UInt64) -> [Batch] {
    var random = SplitMix(seed: seed)
    var base: Int64 = 0
    return (0..<count).map { _ in
      base += Int64.random(in: 1...5, using: &random)
      return Batch(
        baseOffset: base, byteCount: Int.random(in: 61...1 << 20, using: &random),
        leaderEpoch: random.chance(2) ? .none : LeaderEpoch(rawValue: 7),
        checksum: UInt32.random(in: 0 ... .max, using: &random))
    }
  }

  /// The bytes before the checksum are covered by no other one.
  @Test(arguments: [1, 2, 9])
  func anyBitOfAnyBatchCounts(_ count: Int) {
    let right = batches(count, seed: UInt64(count))
    let expected = digest(right)
    func expectOther(_ place: Int, _ name: String, _ change: (inout Batch) -> Void) {
      var changed = right
      change(&changed[place])
      #expect(changed != right)
      #expect(digest(changed) != expected, "\(name) of \(place)")
    }
    for place in right.indices {
      for bit in 0..<64 { expectOther(place, "offset") { $0.baseOffset ^= 1 << bit } }
      for bit in 0..<31 { expectOther(place, "size") { $0.byteCount ^= 1 << bit } }
      for bit in 0..<32 {
        expectOther(place, "checksum") { $0.checksum ^= 1 << bit }
        expectOther(place, "epoch") {
          $0.leaderEpoch = LeaderEpoch(rawValue: $0.leaderEpoch.rawValue ^ 1 << bit)
        }
      }
    }
  }

  @Test func orderAndNumberCount() {
    let right = batches(5, seed: 3)
    var seen: Set<SegmentDigest> = [digest([])]
    for count in 1...5 { #expect(seen.insert(digest(Array(right[..<count]))).inserted) }
    for place in 0..<4 {
      var swapped = right
      swapped.swapAt(place, place + 1)
      #expect(seen.insert(digest(swapped)).inserted)
      var twice = right
      twice.insert(right[place], at: place)
      #expect(seen.insert(digest(twice)).inserted)
    }
  }

  /// What appends take in is what a scan of the file finds.
  @Test(arguments: Place.all)
  func appendsAndScansAgree(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try ManualWorld().open(directory, place.configuration())
      for number in 0..<20 { try log.append(Record(value: [UInt8](repeating: 1, count: number))) }
      let appended = log.tail.withLock { $0.digest }
      var found = SegmentDigest()
      for batch in try SegmentOnDisk(directory, 0).batches { found.add(batch.header) }
      #expect(found == appended)
      try log.closeNow()
    }
  }
}
