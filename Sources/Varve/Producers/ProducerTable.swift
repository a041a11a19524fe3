/// What a log knows of its producers: a pure value, which decides and remembers, and waits for
/// nothing.
///
/// A producer's last five batches are remembered, so that one that is sent again is answered with where
/// it lies. A snapshot keeps the last one alone; whoever loads one and goes through the batches behind
/// it knows five again.
struct ProducerTable: Sendable {
  private var slots = ProducerSlots()
  private(set) var states = PagedArray<ProducerState>()
  private var freeSlots: [Int32] = []

  typealias Earlier = InlineArray<4, RememberedBatch>
  /// Batches before the last ones: rings, the oldest of which makes room for the next one.
  private var earlier = PagedArray<Earlier>()
  private var freeEarlier: [Int32] = []

  /// The transactions that are open, the oldest first.
  var openTransactions: [OpenTransaction] = []
  /// Those that have ended and may not be known to all replicas, in the order of their markers.
  var endedTransactions: [EndedTransaction] = []

  /// How many producers are remembered.
  let maximumCount: Int
  /// Where to look for whoever is to be forgotten.
  private(set) var forgettingSlot = 0

  /// How many batches of a producer are remembered: as many as Kafka's clients have on their way at
  /// once.
  static let batchCount = 5

  init(maximumCount: Int) { self.maximumCount = maximumCount }

  /// How many producers are known.
  var count: Int { slots.count }
  var isEmpty: Bool { count == 0 }
}

// MARK: Slots

extension ProducerTable {
  /// Where a producer's state is; nil if nothing is known of it.
  @inline(__always)
  func slot(of id: Int64) -> Int? { slots.slot(of: id, in: states) }

  func state(of id: Int64) -> ProducerState? { slot(of: id).map { states[$0] } }

  mutating func set(_ state: ProducerState, at slot: Int) { states[slot] = state }

  /// Gives a producer a slot. Where there are as many as may be, another one is forgotten for it.
  mutating func add(_ state: ProducerState) -> Int {
    if count >= maximumCount, let longest = longestSilent {
      forgettingSlot = longest + 1
      remove(at: longest)
    }
    let slot: Int
    if let free = freeSlots.popLast() {
      slot = Int(free)
      states[slot] = state
    } else {
      slot = states.count
      states.append(state)
    }
    slots.insert(slot, in: states)
    return slot
  }

  mutating func remove(at slot: Int) {
    slots.remove(slot, in: states)
    var state = states[slot]
    forgetEarlier(&state)
    state.id = -1
    states[slot] = state
    freeSlots.append(Int32(slot))
  }

  /// Of a few, the one that has been silent longest. What it sent before is not told from what is new
  /// any more, so whoever has a transaction open is not forgotten.
  var longestSilent: Int? {
    var (found, looked) = (Int?.none, 0)
    for distance in 0..<states.count where looked < Self.sampleCount {
      let slot = (forgettingSlot + distance) % states.count
      let state = states[slot]
      guard state.isPresent, !state.hasOpenTransaction else { continue }
      looked += 1
      if found.map({ state.lastHeard < states[$0].lastHeard }) ?? true { found = slot }
    }
    return found
  }

  private static let sampleCount = 16
}

// MARK: Batches

extension ProducerTable {
  /// What is remembered of a producer's batches, the youngest first.
  func batches(of state: ProducerState) -> [RememberedBatch] {
    guard state.hasBatch else { return [] }
    guard state.earlierCount > 0 else { return [state.last] }
    let before = earlier[Int(state.earlierSlot)]
    return [state.last] + (0..<Int(state.earlierCount)).map { before[state.earlierIndex($0)] }
  }

  /// The batch with these numbers, if it is remembered.
  func remembered(_ batch: ProducedBatch, of state: ProducerState) -> RememberedBatch? {
    guard state.hasBatch else { return nil }
    if state.last.has(batch) { return state.last }
    guard state.earlierCount > 0 else { return nil }
    let before = earlier[Int(state.earlierSlot)]
    for age in 0..<Int(state.earlierCount) {
      let batchBefore = before[state.earlierIndex(age)]
      if batchBefore.has(batch) { return batchBefore }
    }
    return nil
  }

  /// Remembers a batch, for the fifth one before it.
  mutating func remember(_ batch: RememberedBatch, of state: inout ProducerState) {
    if state.hasBatch { moveBack(&state) }
    state.last = batch
  }

  /// Takes note of a batch that is not the first of a life, nor the second, in place.
  @inline(__always)
  mutating func goOn(with batch: ProducedBatch, at slot: Int, now: Timestamp) {
    let (place, last) = states[slot].goOn(with: batch, now: now)
    earlier[place.slot][place.index] = last
  }

  private mutating func moveBack(_ state: inout ProducerState) {
    if state.earlierSlot < 0 { state.earlierSlot = earlierSlot() }
    let place = state.turn()
    earlier[place.slot][place.index] = state.last
  }

  private mutating func earlierSlot() -> Int32 {
    if let free = freeEarlier.popLast() { return free }
    earlier.append(Earlier(repeating: .none))
    return Int32(earlier.count - 1)
  }

  /// Forgets all batches of a producer: a new life numbers its own.
  mutating func forgetBatches(_ state: inout ProducerState) {
    state.last = .none
    forgetEarlier(&state)
  }

  private mutating func forgetEarlier(_ state: inout ProducerState) {
    if state.earlierSlot >= 0 { freeEarlier.append(state.earlierSlot) }
    (state.earlierSlot, state.earlierCount) = (-1, 0)
  }
}

extension RememberedBatch {
  fileprivate func has(_ batch: ProducedBatch) -> Bool {
    lastSequence == batch.lastSequence.rawValue && lastOffsetDelta == batch.lastOffsetDelta
  }
}

extension ProducerTable {
  /// Takes over the batches before the last ones of producers whose last one another table knows, too.
  mutating func recall(_ recent: ProducerTable) {
    for page in recent.states.pages {
      for known in page where known.isPresent {
        guard let slot = slot(of: known.id), states[slot].epoch == known.epoch,
          states[slot].last.lastOffset == known.last.lastOffset
        else { continue }
        var state = states[slot]
        forgetBatches(&state)
        for batch in recent.batches(of: known).reversed() { remember(batch, of: &state) }
        set(state, at: slot)
      }
    }
  }
}

// MARK: Expiry

extension ProducerTable {
  /// Forgets who has not been heard of since a time, among the producers of one page, unless a
  /// transaction of theirs is open.
  ///
  /// - Returns: The page to look at next; nil behind the last one.
  mutating func expire(notSince time: Timestamp, onPage page: Int) -> Int? {
    let start = page * PagedArray<ProducerState>.pageCount
    let end = min(states.count, start + PagedArray<ProducerState>.pageCount)
    guard start < end else { return nil }
    for slot in start..<end {
      let state = states[slot]
      guard state.isPresent, !state.hasOpenTransaction, state.lastHeard <= time.rawValue
      else { continue }
      remove(at: slot)
    }
    return end < states.count ? page + 1 : nil
  }

  /// Takes those whose last batch has no time for heard of now: as the log was open, the time of its
  /// append counted, which is written nowhere.
  mutating func hearTimeless(at now: Int64) {
    let seconds = UInt32(clamping: now / 1000)
    for slot in 0..<states.count where states[slot].isPresent && states[slot].lastTimestamp < 0 {
      states[slot].heardAt = seconds
    }
  }

  /// The same among all producers.
  mutating func expire(notSince time: Timestamp) {
    var page = Optional(0)
    while let next = page { page = expire(notSince: time, onPage: next) }
  }
}
