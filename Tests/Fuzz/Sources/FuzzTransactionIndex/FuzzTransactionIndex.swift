import FuzzSupport
import Varve

/// Transaction indexes, good and bad, beside a linear scan of them.
@main struct FuzzTransactionIndex: FuzzTarget {
  static func test(_ input: inout FuzzInput) {
    let isAscending = input.bool()
    let base = input.extremeInteger(Int64.self)
    let probes = (0..<input.choice(8)).map { _ in input.extremeInteger(Int64.self) }
    let bytes = isAscending ? ascending(&input) : input.rest()
    let memory = ExactBytes(bytes)
    let index = TransactionIndexView(memory.span)
    let entries = (0..<bytes.count / 34).map { Plain(bytes[(34 * $0)..<(34 * $0 + 34)]) }
    checkEqual(index.count, entries.count, "the entries' count")
    checkEntries(index, entries, bytes)
    checkSanity(index, entries, base)
    for probe in probes { checkCut(index, entries, probe) }
    for (from, to) in zip(probes, probes.dropFirst()) { checkSearch(index, entries, from, to) }
  }

  /// Entries as whoever appends to an index makes them.
  private static func ascending(_ input: inout FuzzInput) -> [UInt8] {
    var bytes: [UInt8] = []
    var last: Int64 = 0
    while input.remainingCount > 0 {
      let first = last &+ Int64(input.integer(UInt8.self)) - 128
      last &+= Int64(input.integer(UInt8.self))
      bytes +=
        AbortedTransaction(
          producerID: Int64(input.integer(UInt8.self)), firstOffset: Offset(rawValue: first),
          lastOffset: Offset(rawValue: last),
          lastStableOffset: Offset(rawValue: last &+ 1 &- Int64(input.integer(UInt8.self)))
        ).encoded
    }
    return bytes
  }

  /// An entry as it lies there.
  private struct Plain {
    let isKnown: Bool
    let entry: AbortedTransaction

    init(_ bytes: ArraySlice<UInt8>) {
      func number(_ start: Int) -> Int64 {
        bytes.dropFirst(start).prefix(8).reduce(0) { $0 << 8 | Int64($1) }
      }
      isKnown = Int8(bitPattern: bytes[bytes.startIndex]) <= 0
      entry = AbortedTransaction(
        producerID: number(2), firstOffset: Offset(rawValue: number(10)),
        lastOffset: Offset(rawValue: number(18)), lastStableOffset: Offset(rawValue: number(26)))
    }
  }

  private static func checkEntries(
    _ index: borrowing TransactionIndexView, _ entries: [Plain], _ bytes: [UInt8]
  ) {
    for (number, expected) in entries.enumerated() {
      do throws(LogError) {
        checkEqual(try index[number], expected.entry, "entry \(number)")
        check(expected.isKnown, "an unknown version")
        checkEqual(
          Array(expected.entry.encoded.dropFirst(2)),
          Array(bytes[(34 * number + 2)..<(34 * number + 34)]), "an entry written again")
      } catch {
        check(!expected.isKnown, "a known version refused: \(error)")
        checkEqual(error.code, .unsupported, "a refusal")
        checkEqual(error.breach?.byte, 34 * number, "its place")
      }
    }
  }

  private static func checkSanity(
    _ index: borrowing TransactionIndexView, _ entries: [Plain], _ base: Int64
  ) {
    let isSound = entries.allSatisfy { $0.isKnown && $0.entry.lastOffset.rawValue >= base }
    do throws(LogError) {
      try index.validate(baseOffset: Offset(rawValue: base))
      check(isSound, "a broken index found right")
    } catch {
      check(!isSound, "a good index refused: \(error)")
    }
    let isOrdered = zip(entries, entries.dropFirst()).allSatisfy {
      $0.entry.lastOffset < $1.entry.lastOffset
    }
    guard entries.allSatisfy(\.isKnown) else { return }
    checkEqual(try? index.isOrdered, isOrdered, "its order")
  }

  private static func checkCut(
    _ index: borrowing TransactionIndexView, _ entries: [Plain], _ probe: Int64
  ) {
    let kept = entries.prefix { $0.isKnown && $0.entry.lastOffset.rawValue < probe }.count
    let isKnown = kept == entries.count || entries[kept].isKnown
    checkEqual(
      try? index.count(before: Offset(rawValue: probe)), isKnown ? kept : nil, "the count before")
  }

  private static func checkSearch(
    _ index: borrowing TransactionIndexView, _ entries: [Plain], _ from: Int64, _ to: Int64
  ) {
    var expected: [AbortedTransaction] = []
    var isComplete = false
    for each in entries {
      guard each.isKnown, !isComplete else { break }
      if each.entry.lastOffset.rawValue >= from, each.entry.firstOffset.rawValue < to {
        expected.append(each.entry)
      }
      isComplete = each.entry.lastStableOffset.rawValue >= to
    }
    var search = AbortedTransactionSearch(
      from: Offset(rawValue: from), upTo: Offset(rawValue: to))
    try? search.look(into: index)
    checkEqual(search.transactions, expected, "what was found")
    checkEqual(search.isComplete, isComplete, "whether that is all")
  }
}
