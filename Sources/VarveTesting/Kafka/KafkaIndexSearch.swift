/// Kafka's search in an index file, step by step: in an index that is not sorted, where it ends is
/// a matter of where it looked.
struct KafkaIndexSearch {
  let count: Int
  /// The number that an entry is found by.
  let key: (Int) -> Int64
  /// The last so many entries are looked at first, for they are likely in memory.
  let warmCount: Int

  init(_ bytes: [UInt8], entryByteCount: Int, key: @escaping (Int) -> Int64) {
    count = bytes.count / entryByteCount
    warmCount = Self.warmByteCount / entryByteCount
    self.key = key
  }

  private static let warmByteCount = 8192

  /// Which entry is the last one at or before `target`; nil if Kafka finds none.
  func floor(of target: Int64) -> Int? {
    guard count > 0 else { return nil }
    let firstWarm = max(0, count - 1 - warmCount)
    if key(firstWarm) < target { return search(target, firstWarm, count - 1) }
    if key(0) > target { return nil }
    return search(target, 0, firstWarm)
  }

  private func search(_ target: Int64, _ first: Int, _ last: Int) -> Int {
    var (low, high) = (first, last)
    while low < high {
      let middle = (low + high + 1) / 2
      let found = key(middle)
      if found == target { return middle }
      if found > target { high = middle - 1 } else { low = middle }
    }
    return low
  }
}
