/// How likely an unsynced change outlives one power cut.
///
/// Drawn for each cut anew, all and nothing among them: fair coins alone would never keep all of
/// fifty pages, nor lose them all.
struct PowerCutOdds {
  enum Fate { case kept, dropped, torn }

  /// Of eight changes, so many are kept.
  private let keptOfEight: Int

  init(using random: inout SplitMix) {
    keptOfEight = [0, 1, 4, 4, 7, 8][random.number(below: 6)]
  }

  func keeps(using random: inout SplitMix) -> Bool {
    random.number(below: 8) < keptOfEight
  }

  func fate(using random: inout SplitMix) -> Fate {
    if keeps(using: &random) { return .kept }
    return keptOfEight > 0 && random.isOne(in: 2) ? .torn : .dropped
  }

  /// The length of a file that was extended or cut: that of before, that of now, or up to the end
  /// of a page in between.
  func length(from old: Int, to new: Int, using random: inout SplitMix) -> Int {
    if keeps(using: &random) { return new }
    let pages = min(old, new) / PageImage.byteCount + 1...max(old, new) / PageImage.byteCount + 1
    guard keptOfEight > 0, random.isOne(in: 2) else { return old }
    let page = pages.lowerBound + random.number(below: pages.count)
    return min(page * PageImage.byteCount, max(old, new))
  }
}
