import FuzzSupport
import Varve

/// The short way to a batch of one record: it agrees with the long way, and needs no byte more.
enum Singles {
  static func check(_ step: Step, _ options: BatchOptions) {
    let key = step.key, value = step.value
    let long = longWay(step, options)
    var memory = ExactBytes(Array(repeating: 0xa5, count: long?.byteCount ?? 4096))
    do throws(LogError) {
      var span = memory.mutableSpan
      let count = try SingleRecordBatch.write(
        key: key?.span.bytes, value: value?.span.bytes, timestamp: step.timestamp,
        baseOffset: options.baseOffset, leaderEpoch: options.leaderEpoch, into: &span)
      FuzzSupport.check(long != nil, "written, but not by the long way")
      checkEqual(count, memory.count, "the size of a batch of one")
      checkEqual(memory.array, long.map { Array($0.bytes) } ?? [], "a batch of one")
    } catch {
      FuzzSupport.check(long == nil, "refused, but not by the long way: \(error)")
      checkEqual(error.code, .invalidArgument, "a refusal")
      FuzzSupport.check(memory.array.allSatisfy { $0 == 0xa5 }, "written in spite of a refusal")
    }
  }

  private static func longWay(_ step: Step, _ options: BatchOptions) -> RecordBatch? {
    var plain = BatchOptions()
    plain.baseOffset = options.baseOffset
    plain.leaderEpoch = options.leaderEpoch
    do throws(LogError) {
      var builder = try RecordBatchBuilder(plain)
      try builder.append(Record(key: step.key, value: step.value, timestamp: step.timestamp))
      return builder.finish()
    } catch {
      return nil
    }
  }
}
