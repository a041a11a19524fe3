import FuzzSupport
import Varve

/// Chains of both kinds over the batches of a walk.
struct Chains {
  private var contiguous: BatchChain
  private var gapped: BatchChain

  init(from bytes: [UInt8]) {
    // Some inputs begin their chain behind their first batch.
    let start = Offset(rawValue: Int64(bytes.first ?? 0))
    contiguous = BatchChain(from: start, continuity: .contiguous)
    gapped = BatchChain(from: start, leaderEpoch: 1, continuity: .gapsAllowed)
  }

  mutating func append(_ header: BatchHeader) {
    Self.append(header, to: &contiguous)
    Self.append(header, to: &gapped)
  }

  private static func append(_ header: BatchHeader, to chain: inout BatchChain) {
    let before = chain
    let fits =
      header.baseOffset >= before.nextOffset
      && (before.continuity == .gapsAllowed || header.baseOffset == before.nextOffset)
      && (header.leaderEpoch == .none || header.leaderEpoch >= before.leaderEpoch)
    do throws(LogError) {
      try chain.append(header)
      check(fits, "the chain took \(header) after \(before)")
      checkEqual(chain.nextOffset, header.nextOffset, "the chain's next offset")
      check(chain.nextOffset > before.nextOffset, "the chain goes back")
      let epoch = header.leaderEpoch == .none ? before.leaderEpoch : header.leaderEpoch
      checkEqual(chain.leaderEpoch, epoch, "the chain's epoch")
    } catch {
      check(!fits, "the chain refused \(header) after \(before): \(error)")
      checkEqual(chain, before, "a refusal changed the chain")
    }
  }
}
