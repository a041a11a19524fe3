import PeerStores
import Testing

struct StoreTests {
  @Test(arguments: StoreKind.allCases, [1, 7])
  func whatIsPutInComesBackInOrder(kind: StoreKind, recordsInBatch: Int) throws {
    try TemporaryDirectory.with { path in
      let store = try kind.open(at: path, StoreSettings(syncsEachBatch: false))
      try store.append(Payload(byteCount: 100), recordsInBatch: recordsInBatch, times: 20)
      try Contents.check(store, count: 20 * recordsInBatch, valueByteCount: 100)
      try store.close()
    }
  }

  @Test(arguments: StoreKind.allCases, [false, true])
  func appendsGoOnWhereTheyEnded(kind: StoreKind, syncs: Bool) throws {
    try TemporaryDirectory.with { path in
      for round in 0..<3 {
        let store = try kind.open(at: path, StoreSettings(syncsEachBatch: syncs))
        #expect(try store.count == round * 10)
        try store.append(Payload(byteCount: 1024), recordsInBatch: 5, times: 1)
        try store.append(Payload(byteCount: 1024), recordsInBatch: 1, times: 5)
        try Contents.check(store, count: (round + 1) * 10, valueByteCount: 1024)
        try store.close()
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func whatIsNotThereIsNotFound(kind: StoreKind) throws {
    try TemporaryDirectory.with { path in
      let store = try kind.open(at: path, StoreSettings(syncsEachBatch: false))
      #expect(try store.count == 0)
      #expect(try store.scan(atMost: 10) { _ in } == 0)
      try store.append(Payload(byteCount: 16), recordsInBatch: 2, times: 1)
      #expect(try store.scan(atMost: 1) { _ in } == 1)
      #expect(try store.scan(atMost: 10) { _ in } == 2)
      try store.close()
    }
  }

  @Test(arguments: StoreKind.allCases)
  func aDirectoryThatIsNotThereIsAnError(kind: StoreKind) throws {
    let path = "/proc/no-such-directory"
    #expect(throws: (any Error).self) {
      try kind.open(at: path, StoreSettings(syncsEachBatch: false))
    }
  }
}
