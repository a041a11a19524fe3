internal import VarveSystem

extension LogStore {
  /// Says how the logs of a topic are kept that are made or opened from now on. One that is open stays as it is
  /// until it is closed, ``close(_:)-3un1n``, and opened again.
  ///
  /// The store does not remember this: whoever opens it anew says it anew, in ``LogStoreConfiguration/topics``.
  ///
  /// - Parameters:
  ///   - configuration: How they are kept; nil for as all others are.
  ///   - topic: Whose logs.
  /// - Throws: ``LogError/Code/invalidArgument`` for what cannot be.
  public func configure(
    _ topic: String, _ configuration: LogConfiguration?
  ) throws(LogError) {
    try settings.withLock { settings throws(LogError) in
      var next = settings
      next.topics[topic] = configuration
      try next.validate()
      settings = next
    }
  }
}
