import Testing

@testable import Varve

/// What has been cut off since when.
@Suite struct CutHistoryTests {
  /// A history of cuts to these offsets.
  private func history(_ ends: [Offset]) -> CutHistory {
    var history = CutHistory()
    for end in ends { history.note(end) }
    return history
  }

  private func expected(_ ends: [Offset], _ offset: Offset, since count: Int) -> Bool {
    ends[count...].contains { $0 < offset }
  }

  @Test(arguments: 1...50)
  func asTheCutsSay(_ seed: UInt64) {
    var random = SplitMix(seed: seed)
    let ends = (0..<Int.random(in: 0...LogLimits.cutHistoryCount, using: &random)).map { _ in
      Offset(rawValue: Int64.random(in: 0...9, using: &random))
    }
    let history = history(ends)
    #expect(history.count == ends.count)
    for count in 0...ends.count {
      for offset in (0...10).map({ Offset(rawValue: $0) }) {
        #expect(
          history.hasCut(before: offset, since: count) == expected(ends, offset, since: count),
          "\(ends), \(offset) since \(count)")
      }
    }
  }

  /// Of very many cuts, each further up than the one before, no one is forgotten, and the last ones are
  /// told apart.
  @Test func manyCuts() {
    let ends = (1...1000).map { Offset(rawValue: $0) }
    let history = history(ends)
    for count in 0...1000 {
      for offset in stride(from: 1, through: 1001, by: 7).map({ Offset(rawValue: $0) }) {
        let hasCut = history.hasCut(before: offset, since: count)
        if expected(ends, offset, since: count) { #expect(hasCut) }
        if hasCut, count > 1000 - LogLimits.cutHistoryCount + 1 {
          #expect(expected(ends, offset, since: count))
        }
      }
    }
    #expect(!history.hasCut(before: 1, since: 0))
  }
}
