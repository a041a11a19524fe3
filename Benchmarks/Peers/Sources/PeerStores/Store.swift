/// Something that keeps records in order, used as an append-only log: the first record has the
/// offset 0, and each further one the next.
///
/// What is appended outlives the process from then on, and where each batch is synced, a power cut too.
package protocol Store: AnyObject {
  /// How many records there are.
  var count: Int { get throws }

  /// Appends so many batches of so many records each. None is visible before all of its batch are.
  func append(_ payload: Payload, recordsInBatch: Int, times: Int) throws

  /// Reads records in order from the first one on.
  ///
  /// - Returns: How many there were, if there were fewer than was asked for.
  func scan(atMost limit: Int, _ visit: (UnsafeRawBufferPointer) -> Void) throws -> Int

  /// Reads the record of an offset; false if there is none.
  func lookUp(_ offset: Int, _ visit: (UnsafeRawBufferPointer) -> Void) throws -> Bool

  /// Closes it. It is not used any more then.
  func close() throws
}

/// How a store is opened.
package struct StoreSettings: Sendable {
  /// Whether an append returns only once its batch is on the device.
  package var syncsEachBatch: Bool

  package init(syncsEachBatch: Bool) { self.syncsEachBatch = syncsEachBatch }
}
