import Testing

@testable import VarveFormat

@Suite struct WordTests {
  @Test func sequenceNumbersWrap() {
    let last = SequenceNumber(rawValue: .max)
    #expect(last.advanced(by: 1) == 0)
    #expect(last.advanced(by: 3) == 2)
    #expect(SequenceNumber(rawValue: 0).advanced(by: -1) == last)
    #expect(SequenceNumber(rawValue: 5).advanced(by: 7) == 12)
    #expect(SequenceNumber.none.advanced(by: 4) == .none)
  }

  @Test func sequenceWrapsInsideABatch() throws {
    let batch = try RecordBatch.of(
      (0..<3).map { Record(value: "\($0)") },
      BatchOptions(
        producer: Producer(id: 1, epoch: 0), baseSequence: SequenceNumber(rawValue: .max)))
    #expect(batch.header.lastSequence == 1)
  }

  /// Offsets come from bytes, and arithmetic on them must not kill the host.
  @Test func offsetsDoNotTrap() {
    let end = Offset(rawValue: .max)
    #expect(end.advanced(by: 1) == Offset(rawValue: .min))
    #expect(Offset(rawValue: .min).distance(to: end) == -1)
    #expect(Array(Offset(3)..<Offset(6)) == [3, 4, 5])
  }

  @Test func codecsHaveTraits() {
    #expect(CompressionCodec.allCases.map(\.rawValue) == [0, 1, 2, 3, 4])
    #expect(CompressionCodec.none.traitName == nil)
    #expect(
      CompressionCodec.allCases.compactMap(\.traitName) == ["Gzip", "Snappy", "LZ4", "Zstd"])
  }

  @Test func errorsSayWhatAndWhere() {
    let error = LogError.breach(.checksum, atByte: 17, "the header says 1")
    #expect(error.code == .corrupt)
    #expect(error.shifted(by: 100).breach == FormatBreach(.checksum, atByte: 117))
    #expect(error.description.contains("rule checksum at byte 17"))
    #expect(LogError.breach(.producedControl, atByte: 21).code == .invalidArgument)
    let call = LogError(
      .full, "no space", systemCall: LogError.SystemCall(name: "fallocate", errno: 28))
    #expect(call.description == "full: no space [fallocate: errno 28]")
  }

  @Test(arguments: FormatRule.allCases)
  func everyRuleIsExplained(rule: FormatRule) {
    #expect(!rule.explanation.isEmpty)
    #expect(
      FormatRule.allCases.filter { $0.explanation == rule.explanation } == [rule],
      "two rules share a text")
  }
}
