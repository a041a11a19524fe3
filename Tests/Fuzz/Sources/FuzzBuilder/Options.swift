import FuzzSupport
import Varve

/// Options, often extreme, and whether the book knows a batch like that.
enum Options {
  static func random(from input: inout FuzzInput) -> BatchOptions {
    var options = BatchOptions()
    let kinds = input.integer(UInt8.self)
    if kinds & 1 != 0 { options.baseOffset = Offset(rawValue: input.extremeInteger()) }
    if kinds & 2 != 0 {
      let distance = input.extremeInteger(Int64.self)
      options.lastOffset = Offset(rawValue: options.baseOffset.rawValue &+ distance)
    }
    if kinds & 4 != 0 { options.leaderEpoch = LeaderEpoch(rawValue: input.extremeInteger()) }
    if kinds & 8 != 0 { options.appendTime = Timestamp(rawValue: input.extremeInteger()) }
    if kinds & 16 != 0 {
      options.producer = Producer(id: input.extremeInteger(), epoch: input.extremeInteger())
    }
    if kinds & 32 != 0 { options.baseSequence = SequenceNumber(rawValue: input.extremeInteger()) }
    if kinds & 64 != 0 { options.deleteHorizon = Timestamp(rawValue: input.extremeInteger()) }
    if kinds & 128 != 0 {
      options.isTransactional = input.bool()
      options.isControl = input.bool()
    }
    return options
  }

  static func areLegal(_ options: BatchOptions) -> Bool {
    let base = options.baseOffset.rawValue
    if base < 0 || base == .max { return false }
    if let last = options.lastOffset?.rawValue {
      if last < base || last == .max { return false }
      if last - base > Int64(Int32.max) { return false }
    }
    if let time = options.appendTime?.rawValue, time < -1 { return false }
    if let time = options.deleteHorizon?.rawValue, time < -1 { return false }
    guard let producer = options.producer else { return !options.isTransactional }
    if producer.id < 0 || producer.epoch < 0 { return false }
    return options.isControl || options.baseSequence.rawValue >= 0
  }
}
