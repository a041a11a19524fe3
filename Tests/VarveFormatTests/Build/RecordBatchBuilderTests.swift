import Testing

@testable import VarveFormat

@Suite struct RecordBatchBuilderTests {
  @Test func withoutRecordsThereIsNoBatch() throws {
    let builder = try RecordBatchBuilder()
    #expect(builder.recordCount == 0)
    #expect(builder.byteCount == 61)
    let finished = builder.finish()
    #expect(finished == nil)
  }

  @Test func aCapacityIsNoMoreThanAWish() throws {
    for capacity in [Int.min, -1, 0, 60, 61, 1000] {
      var builder = try RecordBatchBuilder(capacity: capacity)
      try builder.append(Record(value: "a"))
      let finished = builder.finish()
      #expect(try finished == RecordBatch.of([Record(value: "a")]))
    }
  }

  // MARK: Options

  struct ImpossibleOptions: CustomTestStringConvertible {
    var testDescription: String
    var options = BatchOptions()

    init(_ description: String, _ change: (inout BatchOptions) -> Void) {
      testDescription = description
      change(&options)
    }
  }

  static let impossibleOptions = [
    ImpossibleOptions("base offset -1") { $0.baseOffset = -1 },
    ImpossibleOptions("ends before it begins") {
      $0.baseOffset = 10
      $0.lastOffset = 9
    },
    ImpossibleOptions("no offset is left behind it") {
      $0.baseOffset = Offset(rawValue: .max - 1)
      $0.lastOffset = Offset(rawValue: .max)
    },
    ImpossibleOptions("spans more than 31 bits") {
      $0.baseOffset = 10
      $0.lastOffset = Offset(rawValue: 10 + 1 << 31)
    },
    ImpossibleOptions("append time -2") { $0.appendTime = Timestamp(rawValue: -2) },
    ImpossibleOptions("delete horizon -2") { $0.deleteHorizon = Timestamp(rawValue: -2) },
    ImpossibleOptions("a transaction of nobody") { $0.isTransactional = true },
    ImpossibleOptions("producer id -1") {
      $0.producer = Producer(id: -1, epoch: 0)
      $0.baseSequence = 0
    },
    ImpossibleOptions("producer epoch -1") {
      $0.producer = Producer(id: 0, epoch: -1)
      $0.baseSequence = 0
    },
    ImpossibleOptions("a producer that does not count") { $0.producer = Producer(id: 0, epoch: 0) },
  ]

  @Test(arguments: impossibleOptions)
  func impossibleOptionsAreRefused(_ impossible: ImpossibleOptions) {
    let refusal = error { _ = try RecordBatchBuilder(impossible.options) }
    #expect(refusal?.code == .invalidArgument)
  }

  @Test func optionsAtTheLimitArePossible() throws {
    var options = BatchOptions(producer: Producer(id: 0, epoch: 0), baseSequence: 0)
    options.baseOffset = 10
    options.lastOffset = Offset(rawValue: 10 + Int64(Int32.max))
    options.appendTime = Timestamp.none
    options.deleteHorizon = Timestamp.none
    let batch = try RecordBatch.of([Record(value: "a")], options)
    let read = try RecordBatch(validating: batch.array, as: .log)
    #expect(read.header.lastOffsetDelta == .max)
  }

  @Test func controlBatchesAreNotNumbered() throws {
    var options = BatchOptions(producer: Producer(id: 0, epoch: 0), baseSequence: .none)
    options.isControl = true
    #expect(throws: Never.self) { _ = try RecordBatchBuilder(options) }
  }

  // MARK: Offsets

  /// Offsets 10 to 20.
  private var eleven: BatchOptions {
    var options = BatchOptions()
    options.baseOffset = 10
    options.lastOffset = 20
    return options
  }

  @Test(arguments: [12, 11, 9, 21, .max, .min] as [Int64])
  func aRefusedOffsetLeavesTheBatch(_ refused: Int64) throws {
    var builder = try RecordBatchBuilder(eleven)
    try builder.append(Record(value: "first"), offset: 12)
    let byteCount = builder.byteCount
    let refusal = error {
      try builder.append(Record(value: "refused"), offset: Offset(rawValue: refused))
    }
    #expect(refusal?.code == .invalidArgument)
    #expect(builder.byteCount == byteCount)
    #expect(builder.recordCount == 1)

    try builder.append(Record(value: "next"))
    try builder.append(Record(value: "last"), offset: 20)
    let finished = builder.finish()
    #expect(try finished == withoutRefusals())
  }

  private func withoutRefusals() throws -> RecordBatch? {
    var builder = try RecordBatchBuilder(eleven)
    try builder.append(Record(value: "first"), offset: 12)
    try builder.append(Record(value: "next"), offset: 13)
    try builder.append(Record(value: "last"), offset: 20)
    return builder.finish()
  }

  @Test func behindTheLastOffsetThereIsNone() throws {
    var builder = try RecordBatchBuilder(eleven)
    try builder.append(Record(value: "last"), offset: 20)
    #expect(error { try builder.append(Record(value: "next")) }?.code == .invalidArgument)
  }

  @Test func theLastOffsetOfAllTakesOneRecord() throws {
    var options = BatchOptions()
    options.baseOffset = Offset(rawValue: .max - 1)
    var builder = try RecordBatchBuilder(options)
    try builder.append(Record(value: "last"))
    #expect(error { try builder.append(Record(value: "next")) }?.code == .invalidArgument)
    for offset in [Offset(rawValue: .max), Offset(rawValue: .min), 0] {
      let refusal = error { try builder.append(Record(value: "next"), offset: offset) }
      #expect(refusal?.code == .invalidArgument)
    }
    let finished = builder.finish()
    let batch = try #require(finished)
    #expect(try RecordBatch(validating: batch.array, as: .log) == batch)
    #expect(batch.header.nextOffset == Offset(rawValue: .max))
  }

  // MARK: Size

  /// The lengths alone decide: nothing of that size is ever there.
  @Test func noBatchIsLongerThanItsLengthCanSay() throws {
    let encoder = try BatchEncoder(BatchOptions())
    func frame(keyCount: Int, valueCount: Int = -1) throws -> Int {
      try encoder.frame(
        keyCount: keyCount, valueCount: valueCount, headers: NoHeaders(), timestamp: .none,
        offset: nil
      ).byteCount
    }
    // Length 5, attributes 1, time 1, offset 1, length of the key 5, of the value 1, headers 1.
    let longest = Int(Int32.max) - 61 - 15
    #expect(try frame(keyCount: longest) + 61 == Int(Int32.max))
    for count in [longest + 1, Int(Int32.max), Int(UInt32.max), 1 << 61] {
      #expect(error { try frame(keyCount: count) }?.code == .invalidArgument)
      #expect(error { try frame(keyCount: count, valueCount: count) }?.code == .invalidArgument)
    }
  }
}
