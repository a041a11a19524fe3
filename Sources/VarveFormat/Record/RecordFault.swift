/// Why a record could not be read: small and trivial, so that throwing it costs the loop nothing.
/// It becomes a `LogError` where the record's number and the batch's place are known.
struct RecordFault: Error {
  let rule: FormatRule
  /// Counted from the start of the records.
  let byte: Int

  @inline(__always)
  init(_ rule: FormatRule, _ byte: Int) {
    self.rule = rule
    self.byte = byte
  }
}
