import Testing

@testable import Varve

/// Kafka's rules of who led a log, case by case.
@Suite struct EpochCacheTests {
  private typealias Pair = (LeaderEpoch, Offset)

  private func cache(_ pairs: [Pair]) -> EpochCache {
    var cache = EpochCache()
    for (epoch, start) in pairs { cache.assign(epoch, at: start) }
    return cache
  }

  private func starts(_ pairs: [Pair]) -> [LeaderEpochStart] {
    pairs.map { LeaderEpochStart(epoch: $0.0, startOffset: $0.1) }
  }

  @Test(
    arguments: [
      // A first one, and one behind it.
      ([], (2, 10), [(2, 10)]),
      ([(2, 10)], (3, 12), [(2, 10), (3, 12)]),
      // Once more, at its start or behind it.
      ([(2, 10)], (2, 10), [(2, 10)]),
      ([(2, 10)], (2, 11), [(2, 10)]),
      // Before its start: the newer word holds.
      ([(2, 10)], (2, 9), [(2, 9)]),
      // At the same offset: the one before has appended nothing.
      ([(2, 6), (3, 7)], (4, 7), [(2, 6), (4, 7)]),
      ([(2, 6)], (5, 6), [(5, 6)]),
      // A later epoch at an earlier offset, and an earlier epoch at a later one.
      ([(1, 5), (2, 6), (3, 7)], (4, 6), [(1, 5), (4, 6)]),
      ([(1, 5), (3, 6), (4, 7)], (2, 8), [(1, 5), (2, 8)]),
      ([(1, 5), (3, 6), (4, 7)], (2, 6), [(1, 5), (2, 6)]),
      ([(7, 20)], (1, 0), [(1, 0)]),
      // What there is not.
      ([(2, 10)], (-1, 12), [(2, 10)]),
      ([(2, 10)], (3, -1), [(2, 10)]),
    ] as [([(LeaderEpoch, Offset)], (LeaderEpoch, Offset), [(LeaderEpoch, Offset)])])
  func aReignBegins(
    _ before: [(LeaderEpoch, Offset)], _ new: (LeaderEpoch, Offset),
    _ after: [(LeaderEpoch, Offset)]
  ) {
    var cache = cache(before)
    let hadSame = cache.entries == starts(after)
    #expect(cache.assign(new.0, at: new.1) == !hadSame)
    #expect(cache.entries == starts(after))
  }

  @Test(
    arguments: [
      // Nothing is known, or nothing was asked.
      ([], 0, nil), ([], -1, nil), ([(2, 10)], -1, nil),
      // The latest ends with the log; later ones have not come.
      ([(2, 10)], 2, (2, 100)), ([(2, 10)], 3, nil),
      ([(2, 10), (4, 20)], 4, (4, 100)), ([(2, 10), (4, 20)], 5, nil),
      // One that is there, and one between.
      ([(2, 10), (4, 20)], 2, (2, 20)), ([(2, 10), (4, 20)], 3, (2, 20)),
      ([(2, 10), (4, 20), (9, 30)], 8, (4, 30)), ([(2, 10), (4, 20), (9, 30)], 4, (4, 30)),
      // Before the first one.
      ([(5, 10), (6, 20)], 4, (4, 10)), ([(5, 10)], 0, (0, 10)),
    ] as [([(LeaderEpoch, Offset)], LeaderEpoch, (LeaderEpoch, Offset)?)])
  func whereAReignEnds(
    _ entries: [(LeaderEpoch, Offset)], _ epoch: LeaderEpoch, _ end: (LeaderEpoch, Offset)?
  ) {
    let found = cache(entries).end(of: epoch, logEnd: 100)
    #expect(found == end.map { LeaderEpochEnd(epoch: $0.0, endOffset: $0.1) })
  }

  @Test func neighbours() {
    let cache = cache([(2, 6), (3, 8), (7, 11)])
    #expect(cache.earliest == LeaderEpochStart(epoch: 2, startOffset: 6))
    #expect(cache.latest == LeaderEpochStart(epoch: 7, startOffset: 11))
    let epochs: [LeaderEpoch?] = [5, 6, 7, 8, 10, 11, 100].map { cache.epoch(for: $0) }
    #expect(epochs == [nil, 2, 2, 3, 3, 7, 7])
    let previous: [LeaderEpoch?] = [1, 2, 3, 4, 7, 8].map { cache.previous(before: $0)?.epoch }
    #expect(previous == [nil, nil, 2, 3, 3, 7])
    let next: [LeaderEpoch?] = [1, 2, 3, 6, 7].map { cache.next(after: $0)?.epoch }
    #expect(next == [2, 3, 7, 7, nil])
  }

  @Test(
    arguments: [
      (-1, [(2, 6), (3, 8), (4, 11)]), (12, [(2, 6), (3, 8), (4, 11)]), (11, [(2, 6), (3, 8)]),
      (9, [(2, 6), (3, 8)]), (8, [(2, 6)]), (7, [(2, 6)]), (6, []), (0, []),
    ] as [(Offset, [(LeaderEpoch, Offset)])])
  func cutAtTheEnd(_ end: Offset, _ after: [(LeaderEpoch, Offset)]) {
    var cache = cache([(2, 6), (3, 8), (4, 11)])
    cache.truncate(from: end)
    #expect(cache.entries == starts(after))
  }

  @Test(
    arguments: [
      (-1, [(2, 6), (3, 8), (4, 11)]), (0, [(2, 6), (3, 8), (4, 11)]),
      (6, [(2, 6), (3, 8), (4, 11)]), (7, [(2, 7), (3, 8), (4, 11)]), (8, [(3, 8), (4, 11)]),
      (9, [(3, 9), (4, 11)]), (11, [(4, 11)]), (15, [(4, 15)]),
    ] as [(Offset, [(LeaderEpoch, Offset)])])
  func cutAtTheStart(_ start: Offset, _ after: [(LeaderEpoch, Offset)]) {
    var cache = cache([(2, 6), (3, 8), (4, 11)])
    cache.truncate(before: start)
    #expect(cache.entries == starts(after))
    var none = EpochCache()
    none.truncate(before: start)
    none.truncate(from: start)
    #expect(none.isEmpty)
  }

  /// Leaders come and go; a follower that was away has less.
  @Test func divergence() {
    let leader = cache([(0, 0), (1, 10), (3, 15), (6, 22)])
    let follower = cache([(0, 0), (1, 10), (2, 12)])
    let latest = follower.latest?.epoch ?? .none
    // The leader knows nothing of epoch 2: all of 1 that it has ends at 15, all of the follower's at 12.
    #expect(
      leader.end(of: latest, logEnd: 30) == LeaderEpochEnd(epoch: 1, endOffset: 15))
    #expect(
      follower.end(of: 1, logEnd: 20) == LeaderEpochEnd(epoch: 1, endOffset: 12))
  }

  @Test func aFileThatGoesBackIsNotBelieved() {
    let good = starts([(0, 0), (2, 5), (3, 9)])
    #expect(EpochCache(LeaderEpochCheckpoint(good))?.entries == good)
    #expect(EpochCache(LeaderEpochCheckpoint())?.isEmpty == true)
    for bad: [Pair] in [[(2, 0), (1, 5)], [(1, 5), (2, 5)], [(1, 0), (1, 5)], [(1, 9), (2, 5)]] {
      #expect(EpochCache(LeaderEpochCheckpoint(starts(bad))) == nil)
    }
  }

  @Test(
    arguments: [
      // What was seen is what is known.
      ([(1, 0), (3, 10)], [(1, 0, 9), (3, 10, 19)], [(1, 0), (3, 10)]),
      // A reign that is new, one whose start was compacted, and one that has left nothing.
      ([(1, 0)], [(1, 4, 9), (3, 10, 19)], [(1, 0), (3, 10)]),
      ([(1, 0), (2, 8), (3, 9)], [(1, 0, 5), (3, 10, 19)], [(1, 0), (2, 8), (3, 9)]),
      ([(1, 0), (4, 20)], [(1, 0, 19)], [(1, 0)]),
      // Another one than the file says, for all or for some.
      ([(1, 0), (3, 10)], [(2, 0, 19)], nil),
      ([(1, 0), (3, 10)], [(1, 0, 12), (3, 13, 19)], nil),
      ([(1, 5)], [(1, 0, 19)], nil),
    ] as [([(LeaderEpoch, Offset)], [(LeaderEpoch, Offset, Offset)], [(LeaderEpoch, Offset)]?)])
  func theLogIsTheTruth(
    _ known: [(LeaderEpoch, Offset)], _ seen: [(LeaderEpoch, Offset, Offset)],
    _ after: [(LeaderEpoch, Offset)]?
  ) {
    let sightings = seen.map { EpochSighting(epoch: $0.0, firstOffset: $0.1, lastOffset: $0.2) }
    let found = cache(known).reconciled(with: sightings, 0..<20)
    #expect(found?.entries == after.map(starts))
  }

  @Test func whatLiesBeforeTheStartSaysNothing() {
    let sightings = [
      EpochSighting(epoch: 1, firstOffset: 0, lastOffset: 9),
      EpochSighting(epoch: 2, firstOffset: 10, lastOffset: 19),
    ]
    #expect(
      cache([(2, 12)]).reconciled(with: sightings, 12..<20)?.entries == starts([(2, 12)]))
    #expect(
      cache([]).reconciled(with: sightings, 5..<20)?.entries == starts([(1, 5), (2, 10)]))
  }
}
