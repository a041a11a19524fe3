public import VarveFormat

extension KafkaLoaderModel {
  /// What Kafka leaves of a directory, and how it then sees the log.
  public struct Outcome: Sendable {
    /// The files, by name. Those that Kafka only renames, to delete them a minute later, are gone.
    /// The last segment's indexes are as long as their entries: while Kafka runs they are longer,
    /// and it cuts them when it stops.
    public let files: [String: [UInt8]]

    /// The bases of the segments, ascending.
    public let segments: [Offset]

    /// What is known of leaders' reigns, ascending.
    public let leaderEpochs: [LeaderEpochStart]

    /// Where the log begins.
    public let logStartOffset: Offset

    /// Where the log ends, as Kafka sees it: behind the last batch that it comes to from the last
    /// segment's last index entry.
    public let logEndOffset: Offset

    /// Up to where all is taken to be on the device.
    public let recoveryPoint: Offset

    /// What was done, in order.
    public let actions: [Action]

    /// What there was before.
    let model: KafkaLoaderModel

    init(
      model: KafkaLoaderModel, files: [String: [UInt8]], segments: [Offset],
      leaderEpochs: [LeaderEpochStart], logStartOffset: Offset, logEndOffset: Offset,
      recoveryPoint: Offset, actions: [Action]
    ) {
      self.model = model
      self.files = files
      self.segments = segments
      self.leaderEpochs = leaderEpochs
      self.logStartOffset = logStartOffset
      self.logEndOffset = logEndOffset
      self.recoveryPoint = recoveryPoint
      self.actions = actions
    }
  }

  /// With which offset a leader's reign began.
  public struct LeaderEpochStart: Hashable, Sendable {
    /// The reign.
    public let epoch: LeaderEpoch
    /// The first offset that was written in it.
    public let startOffset: Offset

    /// A reign that began with an offset.
    public init(epoch: LeaderEpoch, startOffset: Offset) {
      self.epoch = epoch
      self.startOffset = startOffset
    }
  }
}

extension KafkaLoaderModel.Outcome {
  /// The names of files that are there now and were not before.
  public var added: [String] { files.keys.filter { model.files[$0] == nil }.sorted() }

  /// The names of files that were there and are not any more.
  public var removed: [String] { model.files.keys.filter { files[$0] == nil }.sorted() }

  /// The names of files whose bytes are not what they were.
  public var altered: [String] {
    model.files.filter { files[$0.key] != nil && files[$0.key] != $0.value }.keys.sorted()
  }
}
