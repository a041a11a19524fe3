/// A log directory's `meta.properties`: whose it is.
public struct MetaProperties: Hashable, Sendable {
  /// Which of Kafka's ages the file is from.
  public enum Version: Int32, CaseIterable, Sendable, Hashable {
    /// That of ZooKeeper, in which a directory may not know its node or cluster yet.
    case zooKeeper = 0
    /// That of Kafka's own controllers.
    case kraft = 1
  }

  /// Which of Kafka's ages the file is from.
  public var version: Version
  /// The cluster's id, which need not be a ``UniqueID``.
  public var clusterID: String?
  /// The node's number.
  public var nodeID: Int32?
  /// What tells the directory from the node's others.
  public var directoryID: UniqueID?
  /// What else stands there, kept as it is.
  public var others: PropertyList

  /// The properties of a directory, for Kafka since 3.7.
  public init(clusterID: String, nodeID: Int32, directoryID: UniqueID?) {
    version = .kraft
    self.clusterID = clusterID
    self.nodeID = nodeID
    self.directoryID = directoryID
    others = PropertyList()
  }
}

extension MetaProperties {
  private enum Name {
    static let version = "version"
    static let cluster = "cluster.id"
    static let node = "node.id"
    static let broker = "broker.id"
    static let directory = "directory.id"
  }

  private static func nodeName(_ version: Version) -> String {
    version == .kraft ? Name.node : Name.broker
  }

  /// Reads properties.
  ///
  /// - Throws: ``LogError/Code/corrupt`` where one is missing or is no number or id,
  ///   ``LogError/Code/unsupported`` for a version that is not known.
  public init(parsing bytes: RawSpan) throws(LogError) {
    try self.init(try PropertyList(parsing: bytes))
  }

  /// Takes properties out of a list.
  public init(_ list: PropertyList) throws(LogError) {
    var rest = list
    guard let version = try rest.takeNumber(Name.version) else { throw .missing(Name.version) }
    guard let version = Version(rawValue: version) else {
      throw .breach(.fileVersion, atByte: 0, "the properties say \(version)")
    }
    self.version = version
    clusterID = rest.take(Name.cluster)
    nodeID = try rest.takeNumber(Self.nodeName(version))
    directoryID = try rest.take(Name.directory).map { text throws(LogError) in
      guard let id = UniqueID(parsing: text), id != .zero else {
        throw .breach(.uniqueID, atByte: 0, Name.directory)
      }
      return id
    }
    others = rest
    guard version == .kraft else { return }
    guard clusterID != nil else { throw .missing(Name.cluster) }
    guard nodeID != nil else { throw .missing(Name.node) }
  }

  /// The properties as a list.
  public var list: PropertyList {
    var list = PropertyList()
    list[Self.nodeName(version)] = nodeID.map { "\($0)" }
    list[Name.directory] = directoryID?.description
    list[Name.version] = "\(version.rawValue)"
    list[Name.cluster] = clusterID
    for other in others.properties where list[other.name] == nil { list[other.name] = other.value }
    return list
  }

  /// The text's bytes, as Kafka writes them.
  public func encoded(writtenAt time: Timestamp? = nil) -> [UInt8] {
    list.encoded(writtenAt: time)
  }
}

extension PropertyList {
  fileprivate mutating func take(_ name: String) -> String? {
    defer { self[name] = nil }
    return self[name]
  }

  fileprivate mutating func takeNumber(_ name: String) throws(LogError) -> Int32? {
    guard let text = take(name) else { return nil }
    guard let number = Int32(text) else {
      throw .breach(.metaProperty, atByte: 0, "\(name) is no number")
    }
    return number
  }
}

extension LogError {
  fileprivate static func missing(_ name: String) -> LogError {
    .breach(.metaProperty, atByte: 0, "\(name) is missing")
  }
}
