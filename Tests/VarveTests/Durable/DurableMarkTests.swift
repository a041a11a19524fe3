import Testing

@testable import Varve

@Suite struct DurableMarkTests {
  /// Where a segment ends and the next one begins is one offset, and the one behind is further.
  @Test func order() {
    let ascending = [
      DurableMark(offset: 0, segmentBase: 0, position: 0),
      DurableMark(offset: 5, segmentBase: 0, position: 500),
      DurableMark(offset: 9, segmentBase: 0, position: 900),
      DurableMark(offset: 9, segmentBase: 9, position: 0),
      DurableMark(offset: 10, segmentBase: 9, position: 70),
      DurableMark(offset: 11, segmentBase: 9, position: 140),
    ]
    for (left, one) in ascending.enumerated() {
      for (right, other) in ascending.enumerated() {
        #expect((one < other) == (left < right))
        #expect((one == other) == (left == right))
      }
    }
  }
}
