import Testing
import VarveSystem

@testable import Varve

@Suite struct LogViewTests {
  private func view(_ bases: [Int64]) -> LogView {
    LogView(
      startOffset: Offset(rawValue: bases.first ?? 0),
      segments: bases.map { base in
        let base = Offset(rawValue: base)
        return SegmentFile(
          sealed: base, end: SegmentEnd(offset: base, position: 0), directory: "nowhere",
          in: PosixFileSystem())
      })
  }

  @Test(arguments: [[0], [5], [0, 1], [0, 10, 11, 40], [7, 100, 101, 102, 500, 1000, 1001]])
  func theSegmentOfAnOffset(_ bases: [Int64]) {
    let view = view(bases)
    for offset: Int64 in -1...1010 {
      let naive = bases.lastIndex { $0 <= offset } ?? 0
      #expect(view.index(of: Offset(rawValue: offset)) == naive)
    }
    #expect(view.index(of: Offset(rawValue: .max)) == bases.count - 1)
    for (number, base) in bases.enumerated() {
      let next = number + 1 < bases.count ? bases[number + 1] : nil
      #expect(view.segment(after: Offset(rawValue: base))?.baseOffset.rawValue == next)
    }
  }

  @Test func aCopyStaysAsItWas() {
    let table = SegmentTable(view([0, 10]))
    let copy = table.current
    table.append(view([20]).segments[0])
    #expect(copy.segments.count == 2)
    #expect(table.current.segments.count == 3)
    #expect(table.floor(of: 25).baseOffset == 20)
    #expect(copy.index(of: 25) == 1)
  }
}
