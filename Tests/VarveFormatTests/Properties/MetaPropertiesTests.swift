import Testing

@testable import VarveFormat

/// Whose a log directory is.
@Suite struct MetaPropertiesTests {
  private func read(_ text: String) throws -> MetaProperties {
    try MetaProperties(parsing: Array(text.utf8).span.bytes)
  }

  @Test func thoseOfKafkasOwnControllers() throws {
    let text = """
      #
      #Sat Nov 21 04:50:44 UTC 2026
      node.id=1
      directory.id=iDFaTo2qQ-2-mbQLjyNxww
      version=1
      cluster.id=AAAAAAAAQACAAAAAAAAAAA

      """
    let properties = try read(text)
    var expected = MetaProperties(
      clusterID: "AAAAAAAAQACAAAAAAAAAAA", nodeID: 1,
      directoryID: UniqueID(parsing: "iDFaTo2qQ-2-mbQLjyNxww"))
    #expect(properties == expected)
    let time = Timestamp(milliseconds: 1_795_236_644_000)
    #expect(String(decoding: properties.encoded(writtenAt: time), as: UTF8.self) == text)

    // A directory from before 3.7, and one with more in it.
    expected.directoryID = nil
    expected.others["x y"] = "z"
    let other = try read("x\\ y=z\nversion=1\nnode.id=1\ncluster.id=AAAAAAAAQACAAAAAAAAAAA\n")
    #expect(other == expected)
    #expect(try MetaProperties(parsing: other.encoded().span.bytes) == other)
  }

  @Test func thoseOfZooKeepersAge() throws {
    let properties = try read("#\n#Mon\nbroker.id=3\nversion=0\ncluster.id=x\n")
    #expect(properties.version == .zooKeeper)
    #expect(properties.nodeID == 3 && properties.clusterID == "x")
    #expect(
      String(decoding: properties.encoded(), as: UTF8.self)
        == "#\nbroker.id=3\nversion=0\ncluster.id=x\n")
    // They may not know yet whose they are. What is another age's is kept.
    let unknown = try read("version=0\nnode.id=7\n")
    #expect(unknown.nodeID == nil && unknown.clusterID == nil && unknown.others["node.id"] == "7")
    #expect(try MetaProperties(parsing: unknown.encoded().span.bytes) == unknown)
  }

  /// What else stands there changes nothing of what is known.
  @Test func othersAreNotTakenForIt() {
    var properties = MetaProperties(clusterID: "x", nodeID: 1, directoryID: nil)
    properties.others["node.id"] = "2"
    properties.others["more"] = "3"
    #expect(properties.list["node.id"] == "1" && properties.list["more"] == "3")
  }

  @Test(arguments: [
    ("", FormatRule.metaProperty), ("node.id=1\ncluster.id=x", .metaProperty),
    ("version=x", .metaProperty), ("version=", .metaProperty), ("version=2", .fileVersion),
    ("version=-1", .fileVersion), ("version=1\nnode.id=1", .metaProperty),
    ("version=1\ncluster.id=x", .metaProperty),
    ("version=1\ncluster.id=x\nnode.id=y", .metaProperty),
    ("version=1\ncluster.id=x\nnode.id=2147483648", .metaProperty),
    ("version=0\ndirectory.id=x", .uniqueID),
    ("version=0\ndirectory.id=AAAAAAAAAAAAAAAAAAAAAA", .uniqueID),
    ("version=\\u1", .propertyEscape),
  ])
  func whatIsWrongHasAName(text: String, rule: FormatRule) {
    let refusal = error { try read(text) }
    #expect(refusal?.breach?.rule == rule)
    #expect(refusal?.code == (rule == .fileVersion ? .unsupported : .corrupt))
  }
}
