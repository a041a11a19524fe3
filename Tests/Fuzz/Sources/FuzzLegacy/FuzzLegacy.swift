import FuzzSupport
import Varve

/// Messages of before format version 2: as they are, or well formed and then damaged, beside a naive
/// reader.
@main struct FuzzLegacy: FuzzTarget {
  static func test(_ input: inout FuzzInput) {
    let isBuilt = input.bool()
    let start = input.choice(4) == 0 ? Int(input.extremeInteger(Int64.self)) : 0
    let bytes = isBuilt ? Building.messages(&input) : input.rest()
    let memory = ExactBytes(bytes)
    let expected = NaiveMessages(bytes, from: start)
    var walk = LegacyMessageWalk(memory.span, from: start)
    var count = 0
    do throws(LogError) {
      while let message = try walk.next() {
        check(count < expected.messages.count, "a message too many")
        Reading.check(message, expected.messages[count], bytes)
        count += 1
      }
      check(!expected.endsInError, "what is no message was passed")
      checkEqual(walk.isAtBatch, expected.endsAtBatch, "whether a batch follows")
    } catch {
      check(expected.endsInError, "a good message refused: \(error)")
      checkEqual(error.code, .corrupt, "a refusal")
      check((0...bytes.count).contains(error.breach?.byte ?? -1), "no such byte: \(error)")
    }
    checkEqual(count, expected.messages.count, "the messages' count")
    checkEqual(walk.position, expected.end, "where the walk ends")
    checkBatchWalk(memory, start)
  }

  /// The walk over batches says the same of what begins there.
  private static func checkBatchWalk(_ memory: borrowing ExactBytes, _ start: Int) {
    var batches = BatchWalk(memory.span, from: start)
    let isLegacy = batches.isAtLegacyMessage
    do throws(LogError) {
      _ = try batches.next()
      check(!isLegacy, "an old message taken for a batch")
    } catch {
      checkEqual(error.code == .unsupported, isLegacy, "what is said of an old message")
    }
  }
}
