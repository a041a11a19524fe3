/// Pipes that are lent, and empty ones that wait for work: to make one takes longer than to send
/// through it.
package final class PipePool: Sendable {
  private struct State {
    var idle: [PipeBox] = []
    var loanCount = 0
  }

  private let limit: Int
  private let capacity: Int
  private let state = Lock(State())

  /// - Parameters:
  ///   - limit: How many pipes are kept. Large ones count towards what the kernel lets a user have.
  ///   - capacity: How large each is to be.
  package init(limit: Int, capacity: Int) {
    self.limit = limit
    self.capacity = capacity
  }

  /// Lends an empty pipe, which comes back when its loan goes.
  package func take() throws(SystemError) -> PipeLoan {
    let found = state.withLock { state in
      state.loanCount += 1
      return state.idle.popLast()
    }
    if let found { return PipeLoan(found, of: self) }
    do throws(SystemError) {
      return PipeLoan(PipeBox(try Pipe(capacity: capacity)), of: self)
    } catch {
      state.withLock { $0.loanCount -= 1 }
      throw error
    }
  }

  /// Whether as many pipes are lent as are kept.
  package var isExhausted: Bool { state.withLock { $0.loanCount >= limit } }
  /// How many pipes wait for work.
  package var idleCount: Int { state.withLock { $0.idle.count } }

  /// One with bytes in it is not used again: they are another receiver's.
  fileprivate func put(_ box: PipeBox) {
    let isUsable = box.pipe.byteCount == 0
    state.withLock { state in
      state.loanCount -= 1
      if isUsable, state.idle.count < limit { state.idle.append(box) }
    }
  }
}

// SAFETY: one loan at a time has it, or the pool, under its lock.
@safe
private final class PipeBox: @unchecked Sendable {
  var pipe: Pipe
  init(_ pipe: consuming Pipe) { self.pipe = pipe }
}

/// A pipe on loan from a pool. Nobody else has it.
package struct PipeLoan: ~Copyable {
  private let box: PipeBox
  private let pool: PipePool

  fileprivate init(_ box: PipeBox, of pool: PipePool) {
    self.box = box
    self.pool = pool
  }

  deinit { pool.put(box) }

  package var pipe: Pipe {
    _read { yield box.pipe }
    _modify { yield &box.pipe }
  }
}
