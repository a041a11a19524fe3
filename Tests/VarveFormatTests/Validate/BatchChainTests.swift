import Testing

@testable import VarveFormat

@Suite struct BatchChainTests {
  private func header(at offset: Offset, epoch: LeaderEpoch = .none) throws -> BatchHeader {
    var options = BatchOptions()
    options.baseOffset = offset
    options.leaderEpoch = epoch
    return try RecordBatch.small(options).header
  }

  @Test func contiguousBatchesFollow() throws {
    var chain = BatchChain(from: 10, continuity: .contiguous)
    try chain.append(header(at: 10))
    try chain.append(header(at: 12, epoch: 3))
    try chain.append(header(at: 14))
    #expect(chain.nextOffset == 16)
    #expect(chain.leaderEpoch == 3)
  }

  @Test func refusalLeavesTheChain() throws {
    var chain = BatchChain(from: 10, leaderEpoch: 4, continuity: .contiguous)
    let before = chain
    #expect(try refusal(of: header(at: 9), by: &chain) == .offsetsIncrease)
    #expect(try refusal(of: header(at: 11), by: &chain) == .offsetsAreContiguous)
    #expect(try refusal(of: header(at: 10, epoch: 3), by: &chain) == .leaderEpochsIncrease)
    #expect(chain == before)
  }

  @Test func gapsMayBeAllowed() throws {
    var chain = BatchChain(from: 10, continuity: .gapsAllowed)
    try chain.append(header(at: 100))
    #expect(try refusal(of: header(at: 101), by: &chain) == .offsetsIncrease)
    try chain.append(header(at: 102))
    #expect(chain.nextOffset == 104)
  }

  private func refusal(of header: BatchHeader, by chain: inout BatchChain) -> FormatRule? {
    error { try chain.append(header) }?.breach?.rule
  }
}
