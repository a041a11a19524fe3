internal import VarveSystem

/// Opens a store: takes its directory, and opens the logs that lie in it, some at a time.
struct StoreOpening: Sendable {
  let directory: String
  let configuration: LogStoreConfiguration
  let runtime: LogRuntime
  let environment: LogEnvironment

  var files: StoreFiles {
    StoreFiles(directory: directory, fileSystem: environment.fileSystem)
  }

  var ballast: Ballast {
    Ballast(directory: directory, fileSystem: environment.fileSystem)
  }

  func open() throws(LogError) -> LogStore {
    try configuration.validate()
    do throws(SystemError) {
      try NewDirectories(fileSystem: environment.fileSystem).make(directory)
    } catch {
      throw LogError(error, "open the store at \(directory)")
    }
    let lock = try DirectoryLock.take(in: directory, environment, leavesFile: true)
    do throws(LogError) {
      return try open(under: lock)
    } catch {
      lock.release()
      throw error
    }
  }

  private func open(under lock: DirectoryLock) throws(LogError) -> LogStore {
    giveUpBallast()
    try identify()
    var report = StoreReport()
    let offsets = readOffsets(&report)
    let listing = try list()
    (report.skippedDirectories, report.foreignDirectories) =
      (listing.unknown, listing.setAside + listing.kafkas)
    // Last before a log is touched, and nothing throws from here on: whoever is refused leaves the mark.
    report.wasClean = try files.takeMarker()
    let outbox = makeOutbox()
    for name in listing.unknown { outbox?.add(.skippedDirectory(name)) }
    let gathering = LogGathering(
      self, lock, offsets, isClean: report.wasClean, count: listing.partitions.count, outbox)
    Crew(threadCount: configuration.openingThreadCount, isInline: runtime.isStepped)
      .forEach(listing.partitions) { gathering.open($0) }
    var state = gathering.finish(&report)
    let now = environment.time.monotonicNanoseconds
    // Whoever deleted them waited for nothing but their files.
    state.doomed = listing.doomed.map { DoomedDirectory(name: $0, dueAt: now) }
    // With the next step of upkeep.
    state.nextCheckpoint = now
    outbox?.flush()
    return LogStore(self, lock, report, state, offsets, outbox)
  }

  /// Where the disk is full, before anything is opened that may need a little of it, or where no ballast is
  /// wanted any more. What does not go is in the way of nothing but itself.
  private func giveUpBallast() {
    let present = ballast.byteCount
    guard present > 0, let found = try? environment.fileSystem.space(at: directory) else { return }
    var watch = StoreSpaceWatch(
      configuration.diskWatermarks, ballastByteCount: configuration.ballastByteCount)
    let orders = watch.see(
      StoreSpaceWatch.Sight(
        freeByteCount: found.freeByteCount, totalByteCount: found.totalByteCount,
        ballastByteCount: present))
    if orders.ballastByteCount == 0 { try? ballast.resize(to: 0) }
  }

  private func makeOutbox() -> EventOutbox<LogStoreEvent>? {
    configuration.observer.map { [directory] observer in
      EventOutbox(workers: runtime.workers) { observer.store(at: directory, did: $0) }
    }
  }

  private func list() throws(LogError) -> StoreListing {
    do throws(SystemError) {
      return StoreListing(directories: try files.directories())
    } catch {
      throw LogError(error, "list the store at \(directory)")
    }
  }

  /// Says whose directory it is, if that is to be said, and refuses one that is somebody else's.
  private func identify() throws(LogError) {
    guard let own = configuration.identity else { return }
    guard let found = try files.properties() else {
      return try files.write(
        own, at: Timestamp(milliseconds: environment.time.wallMilliseconds))
    }
    guard found.clusterID == own.clusterID, found.nodeID == own.nodeID else {
      throw LogError(
        .invalidArgument,
        "\(directory) belongs to node \(found.nodeID.map { "\($0)" } ?? "none") of the cluster "
          + "\(found.clusterID ?? "none"), as \(CheckpointName.metaProperties.rawValue) in it says")
    }
  }

  /// What the checkpoints say. They are hints: one that cannot be read costs nothing that is in a log.
  private func readOffsets(_ report: inout StoreReport) -> StoreOffsets {
    var offsets = StoreOffsets()
    for name in StoreOffsets.names {
      do throws(LogError) {
        if let found = try files.checkpoint(name) { offsets.read(found, from: name) }
      } catch {
        report.unreadCheckpoints[name.rawValue] = error
      }
    }
    return offsets
  }
}
