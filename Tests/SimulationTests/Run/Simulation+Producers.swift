import Varve
import VarveTesting

// What producers do: they number what they send, send it again, and have transactions.

extension Simulation {
  func produce(_ index: Int, _ deed: ProducerDeed) throws {
    try openIfNeeded()
    let client = clients[index]
    let state = producers.state(of: client.id)
    switch deed {
    case .send(let sizes, let isTransactional, let form):
      try send(index, sizes, isTransactional: isTransactional, form)
    case .again(let count, let form):
      guard let batch = client.sent.dropLast(count).last else { return }
      try submit(batch, of: client.producer, form)
    case .end(let marker, let fences):
      guard fences || state?.openSince != nil else { return }
      let epoch = max(client.epoch, state?.epoch ?? 0)
      try end(marker, of: Producer(id: client.id, epoch: fences ? epoch + 1 : epoch))
    case .restart:
      clients[index].restart(in: max(client.epoch, state?.epoch ?? 0) + 1)
    case .late:
      guard let state, state.epoch > 0 else { return }
      try submit(fresh(at: 0), of: Producer(id: client.id, epoch: state.epoch - 1), .batch)
    case .gap:
      guard let next = client.nextSequence(state) else { return }
      try submit(fresh(at: next.advanced(by: 1)), of: client.producer, .produced)
    }
  }

  /// A batch that is sent once.
  private func fresh(at sequence: SequenceNumber) -> ProducerClient.Sent {
    ProducerClient.Sent(
      records: source.next([10], now: now), baseSequence: sequence, isTransactional: true)
  }

  private func send(
    _ index: Int, _ sizes: [Int], isTransactional: Bool, _ form: ProducedForm
  ) throws {
    let client = clients[index]
    let state = producers.state(of: client.id)
    if let state, state.epoch > client.epoch {
      // It hears that it has been followed, and goes on in a later life.
      try submit(fresh(at: client.freshSequence(nil)), of: client.producer, form)
      return clients[index].restart(in: state.epoch)
    }
    if let unheard = client.unheard(by: state) {
      if try submit(unheard, of: client.producer, form) { coverage.note(.lostSentAgain) }
      return
    }
    let batch = ProducerClient.Sent(
      records: source.next(sizes, now: now), baseSequence: client.freshSequence(state),
      isTransactional: isTransactional || state?.openSince != nil)
    clients[index].send(batch)
    try submit(batch, of: client.producer, form)
  }

  private func end(_ marker: EndTransactionMarker, of producer: Producer) throws {
    let wasOpen = producers.state(of: producer.id)?.openSince != nil
    let batch = try RecordBatch(marker, by: producer, at: now)
    let entry = ProducerModel.Entry(
      baseOffset: 0, count: 1, producer: producer, baseSequence: .none, isTransactional: true,
      marker: marker)
    let submission = Submission(
      records: try batch.records().map { Record(copying: $0) }, entry: entry)
    let isAppended = try submit(submission, entry) { log in
      try log.appendTransactionMarker(marker, of: producer)
    }
    guard isAppended, wasOpen else { return }
    coverage.note(marker.outcome == .aborted ? .aborted : .committed)
  }
}

// MARK: What the log says to that

extension Simulation {
  /// Sends a batch, and returns whether it was appended.
  @discardableResult
  private func submit(
    _ sent: ProducerClient.Sent, of producer: Producer, _ form: ProducedForm
  ) throws -> Bool {
    let entry = ProducerModel.Entry(
      baseOffset: 0, count: sent.records.count, producer: producer,
      baseSequence: sent.baseSequence, isTransactional: sent.isTransactional)
    let batch = try batch(
      of: sent.records,
      BatchOptions(
        producer: producer, baseSequence: sent.baseSequence,
        isTransactional: sent.isTransactional))
    let submission = Submission(
      records: sent.records, isDurable: form == .durable, entry: entry)
    return try submit(submission, entry) { log in
      switch form {
      case .batch: try log.append(batch)
      case .produced: try log.append(producedBatch: batch.bytes)
      case .durable: try log.append(batch, durability: .durable)
      }
    }
  }

  private func submit(
    _ submission: Submission, _ entry: ProducerModel.Entry,
    by append: (Log) throws -> AppendReceipt
  ) throws -> Bool {
    let verdict = producers.verdict(entry)
    journal.append(
      "  \(entry.producer) \(entry.baseSequence), \(entry.count) records: \(verdict.summary)")
    switch verdict {
    case .accepted:
      let count = producers.entries.count
      try self.append(submission, by: append)
      guard producers.entries.count > count else { return false }
      coverage.note(.produced)
      return true
    case .duplicate(let original):
      try expectDuplicate(of: original, submission, mayBeTooOld: false, append)
    case .duplicateOrTooOld(let original):
      try expectDuplicate(of: original, submission, mayBeTooOld: true, append)
    case .refused(let code): try expectRefusal(code, of: entry, append)
    }
    return false
  }

  private func expectDuplicate(
    of original: ProducerModel.Entry, _ submission: Submission, mayBeTooOld: Bool,
    _ append: (Log) throws -> AppendReceipt
  ) throws {
    let log = try openIfNeeded()
    let end = log.end
    let receipt: AppendReceipt
    do {
      receipt = try inPhase(.appending) { try append(log) }
    } catch let error as LogError {
      if mayBeTooOld, error.code == .outOfOrder { return coverage.note(.forgottenOverDeletion) }
      guard isDiskFailing, !fileSystem.isStopped else { throw error }
      note(error)
      return refusals.append(error)
    }
    try require(
      receipt.isDuplicate && receipt.baseOffset == original.baseOffset
        && receipt.nextOffset == original.nextOffset && log.end == end,
      "sent again, it is said to lie at \(receipt.baseOffset)..<\(receipt.nextOffset), and lies at "
        + "\(original.baseOffset)..<\(original.nextOffset)")
    if submission.isDurable {
      try checkDurable(receipt, log)
      coverage.note(.duplicateDurable)
    }
    noteDuplicate(of: original)
  }

  private func noteDuplicate(of original: ProducerModel.Entry) {
    coverage.note(.duplicate)
    if original.outlived.contains(.kill) { coverage.note(.duplicateOverKill) }
    if original.outlived.contains(.power) { coverage.note(.duplicateOverCut) }
    if original.wasUncertain { coverage.note(.duplicateUnheard) }
  }

  private func expectRefusal(
    _ code: LogError.Code, of entry: ProducerModel.Entry, _ append: (Log) throws -> AppendReceipt
  ) throws {
    let log = try openIfNeeded()
    let end = log.end
    do {
      let receipt = try inPhase(.appending) { try append(log) }
      throw SimulationFailure("taken at \(receipt.baseOffset), and should be refused: \(code)")
    } catch let error as LogError {
      // A log that takes nothing looks at nothing.
      if life?.isRefusing == true { return note(error) }
      try require(
        error.code == code && error.refusal?.code == code && log.end == end,
        "refused, and should be for \(code): \(error)")
      noteRefusal(error.refusal, of: entry)
    }
  }

  private func noteRefusal(_ refusal: ProducerRefusal?, of entry: ProducerModel.Entry) {
    switch refusal {
    case .producerFenced: coverage.note(entry.marker == nil ? .fenced : .markerFenced)
    case .coordinatorFenced: coverage.note(.markerFenced)
    case .sequenceGap: coverage.note(.outOfOrder)
    case .sequenceTooOld: coverage.note(.tooOld)
    case .transactionIsOpen: coverage.note(.leftTransaction)
    case .tooManyProducers, nil: break
    }
  }
}

extension ExpectedVerdict {
  fileprivate var summary: String {
    switch self {
    case .accepted: "to be appended"
    case .duplicate(let original): "there, at \(original.baseOffset)"
    case .duplicateOrTooOld(let original): "there, at \(original.baseOffset), or too old"
    case .refused(let code): "to be refused, \(code)"
    }
  }
}
