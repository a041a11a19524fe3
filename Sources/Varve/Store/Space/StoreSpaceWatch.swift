/// What is known of the disk of a store: facts in, what is to be done about it out.
///
/// A ballast that was given up is owed: the disk is judged as if it were there. So to give it up ends no
/// shortage, to make it again begins none, and retention makes the room for it.
struct StoreSpaceWatch: Hashable, Sendable {
  /// What is seen of the disk.
  struct Sight: Hashable, Sendable {
    var freeByteCount: Int
    var totalByteCount: Int
    /// Bytes that the ballast has at this moment.
    var ballastByteCount: Int
  }

  /// What is to be done.
  struct Orders: Hashable, Sendable {
    /// The new state, if it is one.
    var change: StoreDiskState?
    /// How large the ballast is to be, if it is to be of another size.
    var ballastByteCount: Int?
    /// How many bytes logs are to give up.
    var missingByteCount = 0
  }

  let watermarks: StoreWatermarks
  /// How large the ballast is to be.
  let ballastByteCount: Int
  private(set) var state = StoreDiskState.ok

  /// The part of a disk that may be ballast.
  private static let ballastShare = 4

  init(_ watermarks: StoreWatermarks, ballastByteCount: Int) {
    self.watermarks = watermarks
    self.ballastByteCount = ballastByteCount
  }

  /// Takes note of what is seen.
  mutating func see(_ sight: Sight) -> Orders {
    let wanted = min(ballastByteCount, max(0, sight.totalByteCount) / Self.ballastShare)
    let free = sight.freeByteCount - (wanted - sight.ballastByteCount)
    let low = watermarks.low(of: sight.totalByteCount)
    let before = state
    state =
      free < watermarks.critical(of: sight.totalByteCount)
      ? .critical : free < low ? .low : .ok
    var orders = Orders()
    if state != before { orders.change = state }
    if state != .ok { orders.missingByteCount = low - free }
    let size = size(of: sight.ballastByteCount, wanted: wanted)
    if size != sight.ballastByteCount { orders.ballastByteCount = size }
    return orders
  }

  /// Given up where it is needed, and made where there is more than enough; between, it is left alone.
  private func size(of ballastByteCount: Int, wanted: Int) -> Int {
    switch state {
    case .ok: wanted
    case .low: min(ballastByteCount, wanted)
    case .critical: 0
    }
  }
}
