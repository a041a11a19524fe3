/// Which logs of a store give up how much when its disk is low: facts in, offsets out.
///
/// The log that can give the most gives its oldest segment, and then whichever can give the most then.
struct EmergencyPlan: Hashable, Sendable {
  /// What a log can give.
  struct Offer: Hashable, Sendable {
    let partition: TopicPartition
    /// Oldest first.
    let segments: [CleanerSegment]
  }

  /// The segments that each log gives, oldest first.
  private(set) var segments: [TopicPartition: [CleanerSegment]] = [:]
  /// How much that is.
  private(set) var byteCount = 0

  private struct Stock {
    let offer: Offer
    var next = 0
    var byteCount: Int
  }

  /// As much as is missing, or all that is offered.
  init(_ offers: [Offer], missingByteCount: Int) {
    // The largest last, and of equal ones the first by name: the same offers make the same plan.
    var stocks = offers.map { offer in
      Stock(offer: offer, byteCount: offer.segments.reduce(0) { $0 + $1.byteCount })
    }
    stocks.sort(by: Self.comesBefore)
    while byteCount < missingByteCount, var stock = stocks.popLast() {
      guard stock.next < stock.offer.segments.count else { continue }
      let segment = stock.offer.segments[stock.next]
      segments[stock.offer.partition, default: []].append(segment)
      byteCount += segment.byteCount
      stock.next += 1
      stock.byteCount -= segment.byteCount
      stocks.insert(stock, at: Self.place(of: stock, in: stocks))
    }
  }

  private static func comesBefore(_ left: Stock, _ right: Stock) -> Bool {
    left.byteCount == right.byteCount
      ? TopicPartition.comesBefore(right.offer.partition, left.offer.partition)
      : left.byteCount < right.byteCount
  }

  private static func place(of stock: Stock, in stocks: [Stock]) -> Int {
    var (low, high) = (0, stocks.count)
    while low < high {
      let middle = (low + high) / 2
      if comesBefore(stocks[middle], stock) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension CleanerView {
  /// The segments that may go when the disk is low, oldest first: neither what is written, nor what
  /// replicas or a transaction need, nor what a policy says must stay, nor what would free nothing, since
  /// somebody holds slices of it.
  func spare(before limit: Offset?) -> [CleanerSegment] {
    let end = min(deletableEnd, limit ?? deletableEnd)
    return Array(segments.prefix { !$0.isActive && !$0.isPinned && $0.endOffset <= end })
  }
}
