import PeerStores
import Testing

/// What a store has to hold: records that say themselves which they are.
enum Contents {
  /// By a scan, and by looking up each.
  static func check(_ store: any Store, count: Int, valueByteCount: Int) throws {
    #expect(try store.count == count)
    let payload = Payload(byteCount: valueByteCount)
    var offset = 0
    var wrong: [Int] = []
    let visited = try store.scan(atMost: .max) { value in
      if !value.elementsEqual(payload.value(of: offset)) { wrong.append(offset) }
      offset += 1
    }
    #expect(visited == count)
    #expect(wrong.isEmpty)
    for offset in 0..<count {
      var isRight = false
      let isFound = try store.lookUp(offset) { value in
        isRight = value.elementsEqual(payload.value(of: offset))
      }
      #expect(isFound && isRight, "the record of \(offset)")
    }
  }
}
