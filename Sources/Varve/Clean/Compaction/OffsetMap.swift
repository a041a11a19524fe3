internal import VarveSystem

// SAFETY: the slots lie in memory that this map alone has, `slotCount` of them, and every index is
// taken modulo that.
/// The last offset of each key, in as much memory as it is given.
///
/// Keys are not kept, only hashes of them: an entry takes 24 bytes, whatever the key. Entries lie in one
/// allocation, at the place that their hash says or behind it. When it is full, a key that is new is
/// refused, and cleaning goes as far as the map does.
@safe
final class OffsetMap {
  private let memory: AnonymousMemory
  private let hasher: KeyHasher
  private let slotCount: Int
  /// How many keys there is room for.
  let capacity: Int
  /// How many keys are in it.
  private(set) var count = 0

  /// Bytes of an entry: its hash, and its offset plus one, so that zeros are no entry.
  static let entryByteCount = 24

  /// Room for so many keys, as far as it fits into so many bytes; for one at least.
  init(keyCount: Int, byteLimit: Int, secret: (UInt64, UInt64)) throws(SystemError) {
    let most = max(2, byteLimit / Self.entryByteCount)
    let (wanted, overflow) = max(1, keyCount).multipliedReportingOverflow(
      by: LogLimits.offsetMapLoad.denominator)
    let needed = overflow ? most : wanted / LogLimits.offsetMapLoad.numerator + 1
    slotCount = min(most, max(2, needed))
    capacity = max(
      1, slotCount * LogLimits.offsetMapLoad.numerator / LogLimits.offsetMapLoad.denominator)
    hasher = KeyHasher(secret: secret)
    memory = try AnonymousMemory(byteCount: slotCount * Self.entryByteCount, isScattered: true)
  }
}

extension OffsetMap {
  /// What stands for a key here.
  func hash(_ key: RawSpan) -> KeyHash { hasher.hash(key) }

  /// Has the memory bring a key's entry, which is asked for soon, while others are hashed.
  func prepare(_ hash: KeyHash) {
    memory.prepare(home(of: hash) &* Self.entryByteCount, count: Self.entryByteCount)
  }

  /// Takes note of where a key is met, which lies behind all that was met before. False if the key is
  /// new and there is no room for it.
  func set(_ hash: KeyHash, to offset: Offset) -> Bool {
    var slot = home(of: hash)
    while let entry = entry(at: slot) {
      if entry.hash == hash {
        store(hash, offset, at: slot)
        return true
      }
      slot = behind(slot)
    }
    guard count < capacity else { return false }
    store(hash, offset, at: slot)
    count += 1
    return true
  }

  /// Where a key was met last; nil if it was not.
  func offset(of hash: KeyHash) -> Offset? {
    var slot = home(of: hash)
    while let entry = entry(at: slot) {
      if entry.hash == hash { return entry.offset }
      slot = behind(slot)
    }
    return nil
  }
}

// MARK: Slots

extension OffsetMap {
  private struct Entry {
    let hash: KeyHash
    let offset: Offset
  }

  @inline(__always)
  private func home(of hash: KeyHash) -> Int {
    Int(hash.low.multipliedFullWidth(by: UInt64(slotCount)).high)
  }

  @inline(__always)
  private func behind(_ slot: Int) -> Int { slot + 1 == slotCount ? 0 : slot + 1 }

  @inline(__always)
  private func entry(at slot: Int) -> Entry? {
    // SAFETY: the slot is one of those that there are, and the memory's base is a page's.
    let place = unsafe memory.base + slot &* Self.entryByteCount
    let next = unsafe place.load(fromByteOffset: 16, as: Int64.self)
    guard next != 0 else { return nil }
    return unsafe Entry(
      hash: KeyHash(
        low: place.load(as: UInt64.self), high: place.load(fromByteOffset: 8, as: UInt64.self)),
      offset: Offset(rawValue: next &- 1))
  }

  @inline(__always)
  private func store(_ hash: KeyHash, _ offset: Offset, at slot: Int) {
    // SAFETY: as above; nobody else has the memory.
    let place = unsafe memory.base + slot &* Self.entryByteCount
    unsafe place.storeBytes(of: hash.low, as: UInt64.self)
    unsafe place.storeBytes(of: hash.high, toByteOffset: 8, as: UInt64.self)
    unsafe place.storeBytes(of: offset.rawValue &+ 1, toByteOffset: 16, as: Int64.self)
  }
}
