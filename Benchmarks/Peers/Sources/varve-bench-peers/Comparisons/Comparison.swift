import BenchHarness
import PeerStores

/// Varve's routine with those of its peers as references, so that all are sampled in turn.
enum Comparison {
  /// - Parameter part: What one of them does.
  static func routine(
    tearDown: @escaping () throws -> Void, part: (StoreKind) throws -> Part
  ) throws -> Routine {
    try part(.varve).routine(
      references: StoreKind.peers.map { kind in
        Reference(kind.rawValue, try part(kind).routine())
      }, tearDown: tearDown)
  }

  struct Part {
    var mostIterations = Int.max
    var beforeSample: Routine.Loop = { _ in }
    var body: Routine.Loop
    var afterSample: () throws -> Void = {}

    fileprivate func routine(
      references: [Reference<Routine>] = [], tearDown: @escaping () throws -> Void = {}
    ) -> Routine {
      Routine(
        maximumIterations: mostIterations, beforeSample: beforeSample, body: body,
        references: references, afterSample: afterSample, tearDown: tearDown)
    }
  }
}

/// Records as they are compared: the size of each value, and how many are appended at once.
struct RecordShape: Sendable {
  let valueByteCount: Int
  let recordsInBatch: Int

  static let all = [100, 1024].flatMap { size in
    [1, 64].map { RecordShape(valueByteCount: size, recordsInBatch: $0) }
  }

  var batchByteCount: Int { valueByteCount * recordsInBatch }

  var name: String { "\(sizeName)/\(recordsInBatch)" }

  private var sizeName: String {
    valueByteCount < 1024 ? "\(valueByteCount)B" : "\(valueByteCount >> 10)KiB"
  }
}
