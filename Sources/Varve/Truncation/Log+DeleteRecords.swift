internal import VarveSystem

extension Log {
  /// Deletes the records before an offset: the log starts there from then on.
  ///
  /// When this returns, that is on the device, and so is all that lies before the offset. Segments that
  /// lie before it as a whole are removed; slices of them keep their bytes. To read from there is
  /// ``LogError/Code/trimmed``. Where the log starts already behind the offset, nothing is done.
  ///
  /// - Parameter offset: Up to the log's end; where somebody replicates the log, up to
  ///   ``highWatermark``.
  /// - Returns: The log's start.
  @discardableResult
  public func deleteRecords(before offset: Offset) async throws(LogError) -> Offset {
    guard try mustDelete(before: offset) else { return start }
    try await waitUntilDurable(offset)
    return try await runtime.workers.run { () throws(LogError) in
      try self.deleteDurable(before: offset)
    }
  }

  /// The same, for threads that may wait for a device.
  @available(*, noasync, message: "deleting waits for the device; use the async form")
  @discardableResult
  public func deleteRecords(before offset: Offset) throws(LogError) -> Offset {
    try deleteRecordsNow(before: offset)
  }
}

extension Log {
  @discardableResult
  func deleteRecordsNow(before offset: Offset) throws(LogError) -> Offset {
    guard try mustDelete(before: offset) else { return start }
    try waitUntilDurableNow(offset)
    return try deleteDurable(before: offset)
  }

  private func mustDelete(before offset: Offset) throws(LogError) -> Bool {
    guard mode == .readWrite else {
      throw LogError(.invalidArgument, "the log was opened to read, not to be changed")
    }
    guard offset > start else { return false }
    try checkDeletable(offset)
    return true
  }

  /// A log whose end a power cut takes back to before its start would have lost its place: what lies
  /// before the offset is on the device, unless it was cut off since.
  private func deleteDurable(before offset: Offset) throws(LogError) -> Offset {
    defer { flushEvents() }
    let gone = try sealing.withLock { _ throws(LogError) -> [SegmentFile] in
      try checkDeletable(offset)
      guard durableEnd >= offset else { throw .cutCommit }
      // A cut that has not come to its segments yet does not mind.
      if let refusal = tail.withLock({ $0.isHeld ? nil : $0.refusal }) { throw refusal }
      try finish(segmentsBelow: offset)
      return try moveStart(to: offset)
    }
    removeFiles(of: gone)
    saveEpochsSoon()
    return start
  }

  private func checkDeletable(_ offset: Offset) throws(LogError) {
    let limit = watermark.isKnown ? highWatermark : end
    guard offset <= limit else {
      throw LogError(
        .invalidArgument, "offset \(offset) lies behind \(limit), up to where records are deleted")
    }
  }

  /// Full segments get their final form, so that they can go; those that have it without syncs are synced,
  /// for what lies behind them waits for that.
  private func finish(segmentsBelow offset: Offset) throws(LogError) {
    if table.isAnyActive(below: offset) {
      do throws(LogError) {
        try sealWaitingAlone()
      } catch {
        // Then they stay until the next opening: to delete makes space, and must not need any.
        guard error.code == .full else { throw error }
      }
    }
    if unsyncedSeals.withLock({ $0.contains { $0.segment.baseOffset < offset } }) {
      try syncSealed()
    }
  }

  /// The start first, then the view, then files: what is left of these is removed by the next opening.
  /// Returns the segments that are gone.
  private func moveStart(to offset: Offset) throws(LogError) -> [SegmentFile] {
    do throws(SystemError) {
      try sideFile?.update { $0.start = max($0.start, offset) }
    } catch {
      throw LogError(error, "note where \(directory) starts")
    }
    let gone = table.trim(before: offset)
    runtime.segments.forget(gone)
    epochs.update { $0.truncate(before: start) }
    boundHighWatermark()
    tell(.trimmed(to: start))
    return gone
  }

  /// In pieces, and the lock given back between them: there may be thousands, and an append may be waiting
  /// for a segment to get its final form.
  private func removeFiles(of gone: [SegmentFile]) {
    var rest = gone.map(\.baseOffset)[...]
    do throws(SystemError) {
      while !rest.isEmpty {
        let piece = rest.prefix(LogLimits.removedSegmentCount)
        rest = rest.dropFirst(piece.count)
        try sealing.withLock { _ throws(SystemError) in
          // Once the directory is somebody else's, so are its names; and a log that was begun anew meanwhile
          // may have a segment of the same.
          guard directoryLock?.isHeld == true else { return }
          try TrimmedFiles(directory: directory, fileSystem: environment.fileSystem)
            .remove(piece.filter { table.floor(of: $0).baseOffset != $0 })
        }
      }
    } catch {
      tell(.maintenanceFailed(LogError(error, "remove segments of \(directory)")))
    }
  }
}

/// The files of segments that lie before a log's start.
struct TrimmedFiles {
  let directory: String
  let fileSystem: any FileSystem

  /// Removes the files of segments, the first ones first.
  func remove(_ bases: [Offset]) throws(SystemError) {
    for base in bases {
      for kind in SegmentFileName.Kind.allCases {
        do throws(SystemError) {
          try fileSystem.unlink(directory + "/" + SegmentFileName(base, kind).description)
        } catch {
          guard error.errno == .noSuchFile else { throw error }
        }
      }
    }
  }
}
