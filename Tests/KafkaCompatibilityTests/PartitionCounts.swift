/// How much there is in a partition, so that a test that looks at nothing fails.
///
/// Counted by a script of its own that shares no code with the library: it steps through the logs
/// by their length fields and adds up the headers' record counts, and splits the index files into
/// entries, zeros left out. Records are also as many as the JSON has lines.
struct PartitionCounts: Equatable {
  var batches: Int
  var records: Int
  /// Batches that are not compressed.
  var plainBatches: Int
  /// Records of batches that are not compressed.
  var plainRecords: Int
  var controlBatches: Int
  var deleteHorizons = 0
  var offsetEntries: Int
  var timeEntries: Int

  /// The cleaner kept no batch whose records were all gone.
  static let emptiedBatches = 0

  static let expected: [PartitionID: PartitionCounts] = [
    .plain: PartitionCounts(
      batches: 54, records: 1948, plainBatches: 14, plainRecords: 235, controlBatches: 3,
      offsetEntries: 17, timeEntries: 12),
    .mixed: PartitionCounts(
      batches: 183, records: 10629, plainBatches: 58, plainRecords: 2697, controlBatches: 19,
      offsetEntries: 52, timeEntries: 48),
    .compacted: PartitionCounts(
      batches: 66, records: 4174, plainBatches: 21, plainRecords: 1528, controlBatches: 6,
      deleteHorizons: 5, offsetEntries: 24, timeEntries: 24),
    .cleanMetadata: PartitionCounts(
      batches: 40, records: 70, plainBatches: 40, plainRecords: 70, controlBatches: 1,
      offsetEntries: 1, timeEntries: 2),
    .cleanConsumerOffsets: consumerOffsets,
    .cleanTransactionState: transactionState,
    .cleanOrders: orders,
    .cleanPayments: payments,
    .killedMetadata: PartitionCounts(
      batches: 37, records: 62, plainBatches: 37, plainRecords: 62, controlBatches: 1,
      offsetEntries: 1, timeEntries: 1),
    // No final time entry was written, so these have one fewer each.
    .killedConsumerOffsets: consumerOffsets.withoutFinalTimeEntry,
    .killedTransactionState: transactionState.withoutFinalTimeEntry,
    // The last offset entry came with the greatest time, so there was nothing left to write.
    .killedOrders: orders,
    .killedPayments: payments.withoutFinalTimeEntry,
  ]

  private static let consumerOffsets = PartitionCounts(
    batches: 5, records: 7, plainBatches: 5, plainRecords: 7, controlBatches: 0,
    offsetEntries: 0, timeEntries: 1)
  private static let transactionState = PartitionCounts(
    batches: 19, records: 19, plainBatches: 19, plainRecords: 19, controlBatches: 0,
    offsetEntries: 0, timeEntries: 1)
  private static let orders = PartitionCounts(
    batches: 5, records: 4600, plainBatches: 1, plainRecords: 3000, controlBatches: 0,
    offsetEntries: 3, timeEntries: 4)
  private static let payments = PartitionCounts(
    batches: 12, records: 126, plainBatches: 12, plainRecords: 126, controlBatches: 6,
    offsetEntries: 0, timeEntries: 1)

  private var withoutFinalTimeEntry: PartitionCounts {
    var counts = self
    counts.timeEntries -= 1
    return counts
  }
}
