internal import VarveSystem

// Who has led the log, and from where to where: by this, replicas find out where they differ.

extension Log {
  /// The reigns of the log's leaders that are known, oldest first. Kafka keeps them in
  /// `leader-epoch-checkpoint`; where that file is missing or wrong, it is made anew from the batches.
  public var leaderEpochs: [LeaderEpochStart] { epochs.cache.entries }

  /// The epoch that the next append gets: the latest one that the log has seen.
  public var leaderEpoch: LeaderEpoch { tail.withLock { $0.leaderEpoch } }

  /// The reign in which an offset was appended; nil where that is not known.
  public func epoch(for offset: Offset) -> LeaderEpoch? { epochs.cache.epoch(for: offset) }

  /// The latest reign before one, if one is known.
  public func previousEpoch(before epoch: LeaderEpoch) -> LeaderEpochStart? {
    epochs.cache.previous(before: epoch)
  }

  /// Where the reign of an epoch ends in this log, or where it has nothing of it, the last one before.
  ///
  /// A follower asks its leader for the end of its own latest epoch, and cuts what it has behind the
  /// end that it is told: until there the two are the same.
  ///
  /// - Returns: Nil for an epoch that this log has not come to, and for ``LeaderEpoch/none``.
  public func endOffset(for epoch: LeaderEpoch) -> LeaderEpochEnd? {
    // The end first: no reign that begins later is then left out.
    let end = end
    return epochs.cache.end(of: epoch, logEnd: end)
  }

  /// Begins the reign of a leader: what is appended from now on carries its epoch.
  ///
  /// To begin the latest one again does nothing. It is kept with the first batch that is appended in
  /// it: after a crash, and where nothing was appended, it is to be begun again.
  ///
  /// - Throws: ``LogError/Code/invalidArgument`` for an epoch that lies before the latest one:
  ///   epochs never go back.
  public func beginEpoch(_ epoch: LeaderEpoch) throws(LogError) {
    guard epoch >= 0 else { throw LogError(.invalidArgument, "there is no epoch \(epoch)") }
    try tail.withLock { tail throws(LogError) in
      if let refusal = tail.refusal { throw refusal }
      guard epoch >= tail.leaderEpoch else {
        throw LogError(
          .invalidArgument, "the log is in epoch \(tail.leaderEpoch), and \(epoch) lies before that"
        )
      }
      tail.lead(epoch, behind: tail.lastEpoch)
      epochs.update { $0.assign(epoch, at: Offset(rawValue: tail.nextOffset)) }
    }
    saveEpochsSoon()
  }

  /// Lets a log that was cut go on under the latest leader that is known, or that of its last batch.
  func goOn(_ tail: inout TailState, behind last: LeaderEpoch) {
    epochs.update { $0.goOn(in: last, at: Offset(rawValue: tail.nextOffset)) }
    tail.lead(epochs.cache.latest?.epoch ?? .none, behind: last)
  }

  /// Has the reigns written, on a thread that may wait for a device.
  func saveEpochsSoon() {
    runtime.syncers.perform { [self] in
      sealing.withLock { _ in
        guard directoryLock?.isHeld == true, epochs.needsSave else { return }
        // Sealing the segment tries again, and is not done without it.
        do throws(LogError) {
          try sayOpen()
          try epochs.save()
        } catch {
          tell(.maintenanceFailed(error))
        }
      }
      if !runtime.isStepped { flushEvents() }
    }
  }
}
