public import VarveFormat

/// What Apache Kafka does to a partition's directory when it starts.
///
/// A pure model of its loader: a directory goes in, as bytes, and what Kafka leaves of it comes
/// out, with the steps that destroy something, as they are. Kafka believes what it finds below its
/// recovery point, and all of it after a clean stop, and cuts what it does not believe. So a test
/// that hands a directory to this model learns what a broker would make of it:
///
/// ```swift
/// let model = try KafkaLoaderModel(of: "data/orders-0", in: fileSystem)
/// let outcome = try model.load(cleanly: true)
/// let batches = try outcome.batches
/// ```
///
/// Files that Kafka does not know are left alone, as Kafka leaves them. What the model does not do:
/// it does not know producers, so that a snapshot which Kafka would write has the name that Kafka
/// gives it and says that there are none; it does not split a segment whose offsets do not fit its
/// base, nor read batches from before format version 2, neither of which Varve writes.
public struct KafkaLoaderModel: Sendable {
  /// The files of the directory, by name.
  public var files: [String: [UInt8]]

  /// When files were changed last. Kafka takes that for the greatest time of a segment without a
  /// time index. A file that is not here was changed after all records were made.
  public var modified: [String: Timestamp]

  /// How many bytes of log there are to an entry of the indexes that are written anew.
  /// `index.interval.bytes`
  public var indexIntervalByteCount = 4096

  /// How large an index is made when it is new. `segment.index.bytes`
  public var indexByteCount = 10 << 20

  /// A directory of these files.
  public init(files: [String: [UInt8]], modified: [String: Timestamp] = [:]) {
    self.files = files
    self.modified = modified
  }

  /// Loads the directory.
  ///
  /// - Parameters:
  ///   - cleanly: Whether the log dir had the marker of a clean stop, `.kafka_cleanshutdown`.
  ///   - recoveryPoint: What `recovery-point-offset-checkpoint` says of the partition; 0 if nothing.
  ///   - logStartOffset: What `log-start-offset-checkpoint` says of it; 0 if nothing.
  /// - Throws: Why Kafka does not start with such a directory, or does not serve it.
  public func load(
    cleanly: Bool, recoveryPoint: Offset = 0, logStartOffset: Offset = 0
  ) throws(Failure) -> Outcome {
    var loading = KafkaLoading(
      self, isClean: cleanly, recoveryPoint: recoveryPoint, logStartOffset: logStartOffset)
    return try loading.run()
  }

  /// Whether some segment goes on with a batch that is whole and has not the offset that is next.
  /// Kafka does not compare the two, and a batch's checksum does not cover its offset.
  package var hasMisplacedBatch: Bool {
    files.contains { name, bytes in
      guard let file = SegmentFileName(parsing: name), file.kind == .log else { return false }
      var (walk, next) = (KafkaBatchWalk(bytes), file.offset)
      while let batch = try? walk.next(), batch.isValid(in: bytes) {
        if batch.baseOffset != next { return true }
        next = batch.nextOffset
      }
      return false
    }
  }
}
