internal import VarveSystem

/// The engine's own limits, in one place. What a user may set is in ``LogConfiguration``, what the
/// format sets in `FormatLimits`.
enum LogLimits {
  // MARK: Opening

  /// How often a lock is tried that somebody has, and how far apart: a process that was killed gives
  /// its locks back once the kernel has taken it apart, which takes the longer the more it had mapped.
  static let lockAttemptCount = 10
  static let lockRetryInterval: Int64 = 20_000_000
  /// What is read of a file that says who has a lock. Ours are a fifth of that.
  static let holderNoteByteCount = 1024

  // MARK: Segments

  /// The largest segment: positions in it are signed 32-bit numbers.
  static let maximumSegmentByteCount = Int(Int32.max)
  /// The smallest: below, there would be more directory than log.
  static let minimumSegmentByteCount = 4 << 10
  /// The farthest that an offset may lie from its segment's base.
  static let maximumRelativeOffset = Int64(Int32.max)

  // MARK: Appending

  /// Up to this size a record is encoded in place, under the lock; a larger one outside of it, and
  /// then copied.
  static let inPlaceByteCount = 16 << 10
  /// The first size of the room in which batches are built that go to the file by a call.
  static let stagingByteCount = 64 << 10
  /// Decompressors that are kept for all logs: as many as producers' batches are usually looked
  /// into at once. Each holds some hundred KiB, and 4 MiB at the most.
  static let pooledDecompressorCount = 4

  // MARK: Preparing

  /// Bytes that are made ready for stores at a time: how long an appender may find the file busy.
  static let preparationPieceByteCount = 1 << 20
  /// The least and the most that is made ready ahead of a tail.
  static let preparedByteCount = 256 << 10...16 << 20
  /// The least that is allocated at a time.
  static let allocationByteCount = 1 << 20
  /// What a log may need before the next time that anyone looks at it, at the rate of its writing.
  static let preparedNanoseconds: Int64 = 20_000_000
  static let allocatedNanoseconds: Int64 = 2_000_000_000
  /// A log that appends fewer bytes than this from sync to sync is written by calls, after so many
  /// such syncs in a row.
  static let mappedSyncByteCount = 1 << 20
  static let frequentSyncCount = 2
  /// How often a log that is written to is looked at without being asked to.
  static let maintenanceInterval: Int64 = 100_000_000
  /// After so long without an append a log is parked.
  static let parkedAfter: Int64 = 10_000_000_000
  /// After a failure, maintenance waits this long before it tries again.
  static let retryInterval: Int64 = 100_000_000

  /// How often it is looked whether a disk on which little is free has more.
  static let spaceInterval: Int64 = 1_000_000_000

  /// When a log is cleaned first after it was opened, if its interval is no shorter.
  static let firstCleaningAfter: Int64 = 30_000_000_000
  /// The longest pause between attempts of a cleaning that fails, if the interval is no longer.
  static let longestCleaningPause: Int64 = 3_600_000_000_000

  /// Segments whose files are removed at a time.
  static let removedSegmentCount = 16
  /// How long an append waits at the most for a cleaning that is to make room, and how often it looks.
  static let longestRoomWait: Int64 = 10_000_000_000
  static let roomPause: Int64 = 2_000_000

  // MARK: Compaction

  /// Memory for the keys of a compaction, as much as Kafka's cleaner has: four million of them. It is taken
  /// as keys are met.
  static let offsetMapByteCount = 128 << 20
  /// How full the map may become: a key that is not in it is looked for in a handful of places.
  static let offsetMapLoad = (numerator: 3, denominator: 4)
  /// Bytes that are read or written at a time.
  static let compactionByteCount = 1 << 20
  /// How long compaction sleeps at a time where it is throttled: so long a log that closes may wait.
  static let compactionPause: Int64 = 50_000_000
  /// Entries of the side file that speak of segments which are no more, before they are removed.
  static let staleEntryCount = 512

  /// Full segments that may wait for their final form. Appends that fill more wait for one.
  static let sealQueueCount = 16

  // MARK: Verifying

  /// How many headers of a segment are held to find the one that was changed: some hundred MiB of them.
  static let comparedHeaderCount = 4 << 20
  /// Threads that go through logs to verify them: one reads as fast as most disks do.
  static let verifierCount = 1
  /// How long verifying sleeps at a time where it is throttled: so long a log that closes may wait.
  static let verifyingPause: Int64 = 50_000_000
  /// When a log is scrubbed first after it was opened, if its interval is no shorter.
  static let firstScrubAfter: Int64 = 600_000_000_000

  // MARK: Recovery

  /// Bytes that recovery keeps at the most of what it cuts off.
  static let cutByteCount = 16 << 20

  // MARK: Producers

  /// What is read of a snapshot or a transaction index: more than twenty million entries.
  static let producerFileByteCount = 1 << 30
  /// Behind a clean close, so much is gone through for the batches before each producer's last one.
  static let recalledByteCount = 4 << 20
  /// The aborted transactions of a segment that stay in memory once they are on disk.
  static let keptTransactionCount = 4096
  /// How often silent producers are looked for, as often as Kafka does.
  static let expiryInterval: Int64 = 600_000_000_000

  // MARK: Reading

  /// How often someone who waits for another process's appends looks for them.
  static let followInterval: Int64 = 2_000_000

  /// Bytes that are read at a time.
  static let readByteCount = 256 << 10
  /// Bytes that a look-up reads at once: an interval of the index and a batch behind it.
  static let lookupByteCount = 16 << 10
  /// What a look-up reads beyond the place where it expects the end of a batch: batches differ.
  static let lookupMargin = 128
  /// Buffers that a log keeps for look-ups.
  static let pooledBufferCount = 16
  /// Bytes of log that may follow an index entry before the index counts as incomplete. By Kafka's
  /// rule there is an entry for each `indexIntervalByteCount`, or for each append if that is more.
  static let indexGapByteCount = 4 << 20

  /// The most entries that are read of one index file: a segment has 2³¹ bytes, a batch 61.
  static let maximumIndexEntryCount = Int(Int32.max) / 61

  /// Bytes that are read of a `leader-epoch-checkpoint`: a million leaders, with two numbers each.
  static let epochFileByteCount = 32 << 20

  // MARK: Sending

  /// Bytes that a send moves before others have their turn.
  static let turnByteCount = 512 << 10
  /// Bytes that are copied at a time where the kernel cannot send from the file.
  static let copyByteCount = 64 << 10
  /// Bytes for which a blocking socket has room once it says that it has any: a third of the least
  /// that sockets are given to begin with.
  static let blockingPieceByteCount = 16 << 10
  /// Up to how many bytes are copied to a socket of the network's: the calls that this saves cost as much as
  /// to copy so many.
  static let smallByteCount = HostDescriptor.smallByteCount
  /// From how many bytes on a pipe is given pages by `splice`, and not by `sendfile`.
  static let spliceByteCount = 64 << 10
  /// After a wait that was for nothing: a descriptor said to be ready took no bytes.
  static let fruitlessMilliseconds: Int32 = 10

  /// From how many bytes on io_uring takes a slice over TCP though it is in memory: to keep one thread
  /// free for others. It is no faster there, and takes twice the processor time.
  static let ringByteCount = 16 << 20
  /// Up to how many bytes, that lie in memory, a task sends on its own thread what a non-blocking
  /// descriptor takes: some hundred microseconds of work, which another thread would have to be woken for.
  static let callerByteCount = 1 << 20
  /// How often in a row a task looks for room for the rest of a slice, other tasks running meanwhile, before it
  /// hands it to the thread that waits for such.
  static let sendingPatience = 16
  /// How large a pipe is that slices go through: what a user without privileges may have.
  static let pipeByteCount = 1 << 20
  /// Pipes that are kept, and that a ring uses at a time. The kernel gives a user 64 MiB of them.
  static let pipeCount = 16
  /// Requests that fit into a ring before they are handed over.
  static let ringEntryCount = 256
  /// The kernel's threads that carry them out, of either kind.
  static let ringWorkerCount = 4
  /// How many of them may wait for a device: the others are for what is in memory.
  static let coldRingCount = 2
  /// Threads of ours for sends that wait for a device, where there is no ring, and to files.
  static let deviceSenderCount = 2

  /// Of how many files opening asks the file system at a time.
  static let statusCount = 1024
  /// How often, and after how long each time, whoever opens a log to read it looks again at files that
  /// another process is changing the names of.
  static let unsettledLookCount = 25
  static let unsettledLookNanoseconds: Int64 = 10_000_000

  // MARK: Runtime

  /// Bytes of indexes of sealed segments that are kept in memory.
  static let indexCacheByteCount = 64 << 20
  /// Threads for what may block: opening, closing, cold reads.
  static let workerCount = 2
  /// Threads for syncs, beside them.
  static let syncerCount = 2
  /// Threads that compact logs, one after the other: each has a map of keys.
  static let compactorCount = 1
  /// Threads for syncs that somebody waits for: one a log, so many logs at a time.
  static let committerCount = 4
  /// Threads that make files, or wait for room, for tasks that append: one for a log, so many logs at a time.
  static let wayMakerCount = 4
  /// The part of a sync's time that the next one waits at the most for those whom it served, the most
  /// that this may be, and for how many syncs that is left after they did not come.
  static let gatheringShare: Int64 = 2
  static let gatheringNanoseconds: Int64 = 500_000
  static let gatheringPause = 16
  /// How many of the threads that a sync has served are woken at once; each of these wakes another one.
  static let wokenAtOnce = 2
  /// Threads for sends to blocking descriptors: apart from the others, because a peer decides how
  /// long one takes.
  static let senderCount = 2
  /// What all logs of a runtime may have ready ahead of their tails.
  static let preparationBudget = 256 << 20
  /// Files of sealed segments that are kept open: this share of what the process may have, within
  /// these bounds.
  static let openFileShare = 4
  static let openFileCount = 16...16_384
  /// Of so many of these, one may be a log that is at work: it has its end open, and where it rolls, the segment
  /// before, the spare behind and the side file.
  static let openTailShare = 2
  /// What may wait for a thread that lets go of it: the files of so many logs that were put to rest.
  static let reapedCount = 32
  /// Cuts of a log that are told apart, for those who wait for what lay before one and not before another:
  /// a follower cuts once for each new leader, and nobody waits over many of these.
  static let cutHistoryCount = 16
}
