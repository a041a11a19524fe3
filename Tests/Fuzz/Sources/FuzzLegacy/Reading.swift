import FuzzSupport
import Varve

/// One message, and the record that it is.
enum Reading {
  static func check(
    _ message: borrowing LegacyMessageView, _ expected: NaiveMessages.Message, _ bytes: [UInt8]
  ) {
    checkEqual(Array(message.bytes), Array(expected.bytes), "a message's bytes")
    checkEqual(message.offset.rawValue, expected.number(0, 8), "its offset")
    let time = expected.isVersion1 ? expected.number(18, 8) : -1
    checkEqual(message.timestamp.rawValue, time, "its time")
    let content = expected.content
    let validation = failure { () throws(LogError) in try message.validate() }
    checkEqual(validation == nil, content != nil, "whether it is right")
    do throws(LogError) {
      let records = try LegacyMessageReader().records(of: message)
      // What was compressed, the naive reader does not know.
      guard !message.isCompressed else { return }
      FuzzSupport.check(records.count == 1, "not one record")
      checkEqual(records[0].record.key, content?.key, "its key")
      checkEqual(records[0].record.value, content?.value, "its value")
      checkEqual(records[0].record.timestamp?.rawValue, time, "its record's time")
      checkEqual(records[0].offset, message.offset, "its record's offset")
    } catch {
      let mayFail = content == nil || message.isCompressed
      FuzzSupport.check(mayFail, "a good message refused: \(error)")
      if let validation { checkEqual(error, validation, "what is wrong with it") }
    }
  }

  private static func failure(_ body: () throws(LogError) -> Void) -> LogError? {
    do throws(LogError) {
      try body()
      return nil
    } catch {
      return error
    }
  }
}
