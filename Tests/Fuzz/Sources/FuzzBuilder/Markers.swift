import FuzzSupport
import Varve

/// Transaction markers, from the options' numbers.
enum Markers {
  static func check(_ options: BatchOptions) {
    let producer = options.producer ?? Producer(id: 7, epoch: 0)
    let time = options.appendTime ?? .none
    let epoch = options.leaderEpoch.rawValue
    for outcome in [EndTransactionMarker.Outcome.aborted, .committed] {
      let marker = EndTransactionMarker(outcome, coordinatorEpoch: epoch)
      do throws(LogError) {
        let batch = try RecordBatch(
          marker, by: producer, at: time, baseOffset: options.baseOffset,
          leaderEpoch: options.leaderEpoch)
        let records = try RecordBatch(validating: batch.bytes, as: .log).records()
        checkEqual(records.count, 1, "a marker's records")
        for record in records {
          checkEqual(try EndTransactionMarker(record.view), marker, "a marker, read again")
        }
      } catch {
        FuzzSupport.check(
          producer.id < 0 || producer.epoch < 0 || !time.isStorable
            || options.baseOffset.rawValue < 0 || options.baseOffset.rawValue == .max,
          "a marker refused: \(error)")
      }
    }
  }
}
