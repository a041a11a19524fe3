import FuzzSupport
import KafkaReference
import Varve

/// A batch that was built can be read, and says what went in.
enum Finished {
  static func check(_ batch: RecordBatch, _ model: Model) {
    let bytes = Array(batch.bytes)
    guard let fields = ReferenceBatch(fieldsOf: bytes) else { fail("no header") }
    FuzzSupport.check(fields.isHeader && fields.isConsistent, "a header that no log may hold")
    FuzzSupport.check(fields.isIntact(in: bytes), "the checksum")
    FuzzSupport.check(fields.records(in: bytes) == model.records, "other records than went in")
    do throws(LogError) {
      let again = try RecordBatch(validating: bytes, as: .log)
      checkEqual(again.header, batch.header, "the header, read again")
      FuzzSupport.check(again == batch, "another batch")
      checkEqual(try again.view.records.count, model.records.count, "the records' count")
    } catch {
      fail("a built batch refused: \(error)")
    }
    checkEqual(
      (try? BatchView(validating: batch.bytes, as: .producer)) != nil,
      fields.isProduced(model.records), "whether a producer may send it")
  }
}
