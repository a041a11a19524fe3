internal import VarveSystem

/// A segment that stands ready before it is needed.
struct Spare: Sendable {
  /// What tells its file's name from those of other spares.
  let number: Int
  let file: OpenFile
  let indexMemory: AnonymousMemory
  /// Where stores go, where the log writes by stores.
  let mapping: Mapping?
  /// Bytes that have been allocated, and of these those that are ready for stores.
  var allocatedEnd = 0
  var populatedEnd = 0
}

/// A segment that is full, on its way to its final form.
struct SealJob: Sendable {
  let segment: SegmentFile
  let end: SegmentEnd
  let index: IndexMemory
  /// What its time index ends with.
  let finalTime: TimeIndexEntry
  /// Of its batches.
  let digest: SegmentDigest
  /// Where stores went, to be given back.
  var mapping: Mapping?
  /// The segment behind it, whose name waits for this one's bytes to be on the device.
  let next: SegmentFile
  let reason: RollReason
  /// What was known of producers where that one begins.
  let producers: FrozenProducers
  /// The transactions that came to nothing in this one.
  let aborted: [AbortedTransaction]
}
