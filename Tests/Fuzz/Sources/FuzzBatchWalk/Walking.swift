import FuzzSupport
import KafkaReference
import Varve

/// A walk, step by step, beside what the book says of each place.
enum Walking {
  static func check(_ span: RawSpan, _ bytes: [UInt8], from start: Int) {
    var walk = BatchWalk(span, from: start)
    var chains = Chains(from: bytes)
    var returned: [UInt8] = []
    while true {
      let position = walk.position
      let byteCount = try? walk.nextByteCount()
      do throws(LogError) {
        guard let view = try walk.next() else {
          checkEnd(of: walk, bytes, byteCount)
          break
        }
        FuzzSupport.check(walk.position > position, "the walk stands still at \(position)")
        checkEqual(walk.position - position, view.header.byteCount, "a step's length")
        checkEqual(byteCount, view.header.byteCount, "the announced length")
        FuzzSupport.check(Step(bytes, at: position) == .batch, "no batch at \(position)")
        returned += Array(view.bytes)
        chains.append(view.header)
      } catch {
        checkEqual(walk.position, position, "the place of a refusal")
        FuzzSupport.check(Step(bytes, at: position) == .refused, "refused: \(error)")
        FuzzSupport.check(error.breach?.byte ?? -1 >= position, "an error before: \(error)")
        break
      }
    }
    FuzzSupport.check(walk.position <= bytes.count, "beyond the end")
    checkEqual(walk.remainingByteCount, bytes.count - walk.position, "the rest")
    FuzzSupport.check(returned == Array(bytes[start..<walk.position]), "other bytes than there")
  }

  private static func checkEnd(
    of walk: borrowing BatchWalk, _ bytes: [UInt8], _ byteCount: Int??
  ) {
    FuzzSupport.check(Step(bytes, at: walk.position) == .incomplete, "it ends too early")
    if case .some(.some(let byteCount)) = byteCount {
      FuzzSupport.check(byteCount > walk.remainingByteCount, "a whole batch left out")
    }
  }

  /// Outside there is nothing, and asking is no reason to die.
  static func checkOutside(_ span: RawSpan) {
    for place in [Int.min, -(1 << 31), -1, span.byteCount + 1, Int.max] {
      var walk = BatchWalk(span, from: place)
      checkEqual(walk.remainingByteCount, 0, "the rest from \(place)")
      do throws(LogError) {
        let isThere = try walk.next() != nil
        FuzzSupport.check(!isThere, "a batch at \(place)")
      } catch {
        fail("from \(place): \(error)")
      }
    }
  }
}

/// What the book says of a place.
private enum Step {
  case batch, incomplete, refused

  init(_ bytes: [UInt8], at position: Int) {
    let rest = Array(bytes[position...])
    // As Kafka's own walk has it: the version and one byte more, or it is a torn tail.
    guard rest.count > 17 else {
      self = .incomplete
      return
    }
    let length = rest[8..<12].reduce(Int32(0)) { $0 << 8 | Int32($1) }
    guard rest[16] == 2, length >= 49 else {
      self = .refused
      return
    }
    guard rest.count >= Int(length) + 12 else {
      self = .incomplete
      return
    }
    self = ReferenceBatch(fieldsOf: rest)?.isHeader == true ? .batch : .refused
  }
}
