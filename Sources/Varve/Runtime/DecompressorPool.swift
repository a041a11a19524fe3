internal import VarveSystem

/// What looks into producers' compressed batches, for all logs of a process: an append takes one,
/// and none is made while one is free.
final class DecompressorPool: Sendable {
  private let free = Lock<[PooledDecompressor]>([])

  /// One that is the caller's alone until it is given back.
  func take() -> PooledDecompressor {
    free.withLock { $0.popLast() } ?? PooledDecompressor()
  }

  func giveBack(_ pooled: PooledDecompressor) {
    free.withLock { free in
      if free.count < LogLimits.pooledDecompressorCount { free.append(pooled) }
    }
  }
}

// SAFETY: whoever took it out of the pool has it alone.
/// A decompressor with a place in an array, which what is not copyable has none in.
final class PooledDecompressor: @unchecked Sendable {
  var decompressor = Decompressor()
}
