import FuzzSupport
import KafkaReference
import Varve

/// The same steps through the builder and through the writer.
enum Building {
  /// The builder's batch, if there is one; the model has its records.
  static func run(
    _ steps: [Step], _ options: BatchOptions, room: Int, _ model: inout Model
  ) -> RecordBatch? {
    let isLegal = Options.areLegal(options)
    var memory = ExactBytes(Array(repeating: 0xa5, count: room))
    do throws(LogError) {
      var builder = try RecordBatchBuilder(options, capacity: room)
      check(isLegal, "options taken: \(options)")
      let count = try write(steps, options, &memory, &builder, &model)
      let batch = builder.finish()
      checkEqual(batch?.byteCount ?? 0, count, "the batch's size")
      guard let batch else {
        check(model.records.isEmpty, "no batch of \(model.records.count) records")
        return nil
      }
      checkEqual(Array(batch.bytes), model.bytes, "the builder's bytes")
      checkEqual(Array(memory.array[..<count]), model.bytes, "the writer's bytes")
      check(memory.array[count...].allSatisfy { $0 == 0xa5 }, "written behind the batch")
      return batch
    } catch {
      let hasNoRoom = isLegal && room < ReferenceBatch.headerByteCount
      check(!isLegal || hasNoRoom, "refused: \(error)")
      checkEqual(error.code, hasNoRoom ? .full : .invalidArgument, "a refusal")
      return nil
    }
  }

  /// The writer goes first: what it has no room for, the builder is spared.
  private static func write(
    _ steps: [Step], _ options: BatchOptions, _ memory: inout ExactBytes,
    _ builder: inout RecordBatchBuilder, _ model: inout Model
  ) throws(LogError) -> Int {
    let room = memory.count
    var writer = try RecordBatchWriter(into: memory.mutableSpan, options)
    for step in steps {
      let record = model.record(of: step)
      let before = (writer.byteCount, writer.recordCount)
      let refusal = refusal(of: step, by: &writer)
      if refusal?.code == .full {
        let size = record?.encoded.count ?? 0
        check(size > room - before.0, "no room for \(size) bytes")
      } else {
        checkEqual(Building.refusal(of: step, by: &builder), refusal, "a refusal by one only")
        checkEqual(refusal == nil, record != nil, "the book disagrees: \(step)")
      }
      if let record, refusal == nil {
        model.append(record, of: step)
        checkEqual(writer.byteCount, before.0 + record.encoded.count, "a record's size")
        checkEqual(writer.recordCount, model.records.count, "the records' count")
      } else {
        check((writer.byteCount, writer.recordCount) == before, "changed by a refusal")
      }
      check(
        (builder.byteCount, builder.recordCount) == (writer.byteCount, writer.recordCount),
        "builder and writer differ")
    }
    return writer.finish()
  }

  private static func refusal(of step: Step, by writer: inout RecordBatchWriter) -> LogError? {
    do throws(LogError) {
      try step.append(to: &writer)
      return nil
    } catch {
      check(error.code == .full || error.code == .invalidArgument, "an odd refusal: \(error)")
      return error
    }
  }

  private static func refusal(of step: Step, by builder: inout RecordBatchBuilder) -> LogError? {
    do throws(LogError) {
      try step.append(to: &builder)
      return nil
    } catch {
      checkEqual(error.code, .invalidArgument, "an odd refusal")
      return error
    }
  }
}
