internal import VarveSystem

/// Who goes on with a send.
enum TransferCarrier {
  /// The thread that serves all of them.
  case loop
  case ring
  /// A thread that may wait for a device.
  case deviceThread
  /// A thread that may wait for a receiver.
  case peerThread
}

extension SliceSending {
  /// Decides who goes on with a send to a non-blocking descriptor, and which way.
  mutating func chooseCarrier(_ ring: inout TransferRing) throws(LogError) -> TransferCarrier {
    guard isInSlice, slice.file.fileSystem.hasKernelDescriptors else { return .loop }
    isCold = isCold || !isResident
    try choosePlan(hasRing: true)
    if plan.rung == .ring {
      let support = ring.open()
      guard support != .available else { return .ring }
      reader.log.tell(once: .ringUnavailable(support))
      reader.log.flushEvents()
      try choosePlan(hasRing: false)
    }
    return isCold ? .deviceThread : .loop
  }

  /// Whether the next thing to do may have to wait for a device: not what lies in a pipe already.
  /// An empty one is not kept.
  var needsDevice: Bool { isCold ? !holdsPipe : false }

  /// Whether what comes next lies in memory.
  var isResident: Bool {
    let end = position + min(restByteCount, LogLimits.pipeByteCount)
    return slice.file.descriptor.isResident(position..<end)
  }

  /// Chooses anew, unless the way was left already for a last resort.
  private mutating func choosePlan(hasRing: Bool) throws(LogError) {
    guard plan.rung != .copy else { return }
    let facts = TransferPlan.Facts(
      target: target, hasKernelDescriptors: true, byteCount: byteCount, isResident: !isCold,
      hasRing: hasRing && !hasLeftRing)
    plan = try TransferPlan.choose(reader.transport, facts)
  }
}

// MARK: In the ring

extension SliceSending {
  /// Asks a ring for what comes next: to fill a pipe and to send what lies in it, to a pipe in one.
  mutating func ask(
    _ ring: inout Ring?, _ number: Ring.Tag, _ pipes: PipePool
  ) throws(SystemError) -> RingFlight {
    var flight = RingFlight(number: number, isCold: needsDevice)
    let file = slice.file.descriptor
    flight.send = .underWay
    guard target.kind != .pipe else {
      _ = ring?.splice(
        from: file, at: position, count: min(restByteCount, LogLimits.pipeByteCount),
        into: descriptor, isLinked: false, tag: flight.sendTag)
      return flight
    }
    if loan == nil { loan = try pipes.take() }
    guard let input = loan?.pipe.input, let output = loan?.pipe.output,
      let room = loan?.pipe.room(at: position), var count = loan?.pipe.byteCount
    else { return flight }
    if count == 0 {
      count = min(restByteCount, room)
      _ = ring?.splice(
        from: file, at: position, count: count, into: input, isLinked: true, tag: flight.fillTag)
      flight.fill = .underWay
    }
    _ = ring?.splice(from: output, count: count, to: descriptor, tag: flight.sendTag)
    return flight
  }

  /// Takes note of what the ring did, and returns whether the descriptor has room, as far as is known.
  mutating func land(_ flight: RingFlight) throws(LogError) -> Bool {
    do throws(SystemError) {
      // The pipe's bytes first: one that seems empty would be used again.
      if let count = try flight.fill.movedByteCount {
        loan?.pipe.note(added: count)
        if count == 0 { throw SystemError.endOfFile }
      }
      if let count = try flight.send.movedByteCount {
        loan?.pipe.note(removed: count)
        if count == 0 { throw SystemError.endOfFile }
        note(sent: count)
      }
    } catch {
      guard error != .endOfFile else { throw wasCut }
      try fallBack(after: error)
    }
    if loan?.pipe.byteCount == 0 { loan = nil }
    return !flight.send.isForWantOfRoom
  }
}

extension SystemError {
  fileprivate static let endOfFile = SystemError(.splice, Errno(rawValue: 0))
}
