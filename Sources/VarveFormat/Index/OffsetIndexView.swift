/// An offset index, `<base offset>.index`.
public typealias OffsetIndexView = IndexView<OffsetIndexEntry>

extension OffsetIndexEntry: IndexEntry {
  /// Offsets and positions grow from entry to entry.
  public func follows(_ previous: OffsetIndexEntry) -> Bool {
    offset > previous.offset && position > previous.position
  }

  /// Neither number is negative.
  public func isInRange(baseOffset: Offset) -> Bool {
    offset.isIndexable(from: baseOffset) && position >= 0
  }
}

extension IndexView where Entry == OffsetIndexEntry {
  /// The last entry at or before `offset`: its batch, or one behind it, holds the offset. Nil means
  /// that the search begins where the segment does.
  public func floor(of offset: Offset) -> OffsetIndexEntry? {
    floorIndex(of: offset).map { self[$0] }
  }

  /// Where the last entry at or before `offset` stands.
  ///
  /// Entries are nearly evenly spaced, so the first guess is nearly right, and the search goes out
  /// from there in growing steps: it touches two or three cache lines instead of one for each
  /// halving. An index that is not even costs twice the halvings.
  package func floorIndex(of offset: Offset) -> Int? {
    guard count > 0, self.offset(at: 0) <= offset else { return nil }
    let end = count
    guard self.offset(at: end - 1) > offset else { return end - 1 }
    let guess = guess(of: offset)
    var (low, high) = (0, end - 1)  // offset(at: low) <= offset < offset(at: high)
    var step = 1
    if self.offset(at: guess) <= offset {
      low = guess
      while low + step < high, self.offset(at: low + step) <= offset {
        low += step
        step *= 2
      }
      high = Swift.min(low + step, high)
    } else {
      high = guess
      while high - step > low, self.offset(at: high - step) > offset {
        high -= step
        step *= 2
      }
      low = Swift.max(high - step, low)
    }
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if self.offset(at: middle) <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// Where the offset would stand if all entries were equally far from each other.
  private func guess(of offset: Offset) -> Int {
    let first = self.offset(at: 0)
    let span = Double(self.offset(at: count - 1).rawValue &- first.rawValue)
    guard span > 0 else { return 0 }
    let share = Double(offset.rawValue &- first.rawValue) / span
    // Entries that are out of order would send the guess anywhere.
    return Int(Swift.min(Swift.max(share, 0), 1) * Double(count - 1))
  }

  @inline(__always)
  private func offset(at index: Int) -> Offset {
    let relative: Int32 = bytes.bigEndian(at: index &* OffsetIndexEntry.byteCount)
    return Offset(rawValue: baseOffset.rawValue &+ Int64(relative))
  }

  /// The first entry at or behind a position: a bound for reading so many bytes.
  public func first(atOrAfterPosition position: Int) -> OffsetIndexEntry? {
    let index = prefixCount { $0.position < position }
    return index < count ? self[index] : nil
  }
}
