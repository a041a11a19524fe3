import FuzzSupport
import KafkaReference
import Varve

/// Views: opened where the book opens them, and their records as the book reads them.
enum Opening {
  static func check(_ span: RawSpan, _ expected: Expectation) {
    do throws(LogError) {
      let view = try BatchView(unverified: span)
      FuzzSupport.check(expected.isBatch, "a batch that is none")
      checkEqual(view.bytes.byteCount, view.header.byteCount, "the view's bytes")
      checkRecords(of: view, expected, isValid: false)
    } catch {
      FuzzSupport.check(!expected.isBatch, "a batch refused: \(error)")
    }
    let isLogged = validate(span, as: .log, expected)
    let isProduced = validate(span, as: .producer, expected)
    FuzzSupport.check(isLogged || !isProduced, "a producer's batch that no log may hold")
  }

  private static func validate(
    _ span: RawSpan, as origin: BatchOrigin, _ expected: Expectation
  ) -> Bool {
    let isValid = expected.isValid(as: origin)
    // A bomb is not what is looked for here.
    var decompressor = Decompressor(maximumByteCount: 1 << 16)
    do throws(LogError) {
      let view = try BatchView(validating: span, as: origin, using: &decompressor)
      FuzzSupport.check(isValid, "as \(origin): taken, and the book refuses it")
      checkRecords(of: view, expected, isValid: true)
      if origin == .log { Rebuilding.check(view, expected) }
      return true
    } catch  where isValid && origin == .producer && expected.fields?.codec != 0 {
      // What a producer compressed is looked into, and the book doesn't know what is inside.
      FuzzSupport.check(
        [.corrupt, .full, .invalidArgument].contains(error.code), "a refusal: \(error)")
      return false
    } catch {
      FuzzSupport.check(!isValid, "as \(origin): refused, and the book takes it: \(error)")
      checkPlace(of: error, in: span, as: origin)
      return false
    }
  }

  /// A refusal names its rule and a byte that is there, or the one behind the last.
  private static func checkPlace(
    of error: LogError, in span: RawSpan, as origin: BatchOrigin
  ) {
    guard let breach = error.breach else { fail("no rule is named: \(error)") }
    FuzzSupport.check(
      breach.byte >= 0 && breach.byte <= span.byteCount
        || span.byteCount < ReferenceBatch.headerByteCount, "no such byte: \(error)")
    FuzzSupport.check(breach.record ?? 0 >= 0, "no such record: \(error)")
    FuzzSupport.check(
      origin == .producer || !breach.rule.bindsProducersOnly, "a log is not bound: \(error)")
    FuzzSupport.check(!error.description.isEmpty, "no description")
  }

  private static func checkRecords(
    of view: borrowing BatchView, _ expected: Expectation, isValid: Bool
  ) {
    do throws(LogError) {
      // Of what is compressed the book knows nothing; the codecs have targets of their own.
      guard view.header.codec == .none else { return }
      let records = try view.records
      let readings = Reading.all(of: records)
      checkEqual(records.count, readings.count, "the records' count")
      FuzzSupport.check(readings == expected.readings, "other records than in the book")
      Controls.check(records)
    } catch {
      FuzzSupport.check(
        expected.records == nil && !(isValid && view.header.codec == .none),
        "records refused: \(error)")
    }
  }
}
