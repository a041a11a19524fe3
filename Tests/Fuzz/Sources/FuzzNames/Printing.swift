import FuzzSupport
import Varve

/// Names made from values: written and read again they are the same, where a log may have them.
enum Printing {
  static func check(_ input: inout FuzzInput) {
    checkSegment(&input)
    checkSnapshot(&input)
    checkPartition(&input)
  }

  private static func checkSegment(_ input: inout FuzzInput) {
    let name = SegmentFileName(
      Offset(rawValue: input.extremeInteger()), input.element(of: SegmentFileName.Kind.allCases),
      transition: input.bool() ? input.element(of: SegmentFileName.Transition.allCases) : nil)
    let again = SegmentFileName(parsing: name.description)
    checkEqual(again, name.offset.rawValue >= 0 ? name : nil, "a segment's file name")
  }

  private static func checkSnapshot(_ input: inout FuzzInput) {
    let name = MetadataSnapshotName(
      endOffset: Offset(rawValue: input.extremeInteger()),
      epoch: LeaderEpoch(rawValue: input.extremeInteger()),
      transition: input.bool() ? input.element(of: MetadataSnapshotName.Transition.allCases) : nil)
    let isNamed = name.endOffset.rawValue >= 0 && name.epoch.rawValue >= 0
    let again = MetadataSnapshotName(parsing: name.description)
    checkEqual(again, isNamed ? name : nil, "a metadata snapshot's name")
  }

  private static let letters = Array("abcXYZ019._-".unicodeScalars.map(Character.init))

  private static func checkPartition(_ input: inout FuzzInput) {
    let number = input.extremeInteger(Int32.self)
    let topic = String((0..<input.choice(256)).map { _ in input.element(of: letters) })
    guard let partition = TopicPartition(topic: topic, partition: number) else {
      let isWrong = number < 0 || !(1...249).contains(topic.count) || [".", ".."].contains(topic)
      return FuzzSupport.check(isWrong, "no partition \(topic) \(number)")
    }
    checkEqual(TopicPartition(parsing: partition.description), partition, "a partition")
    // Where the topic ends like a fate, the text says both; it is read as the partition it names.
    let plain = PartitionDirectoryName(partition)
    checkEqual(PartitionDirectoryName(parsing: plain.description), plain, "its directory")
    for fate in PartitionDirectoryName.Fate.allCases {
      let digits = String(repeating: "0aF9", count: 8)
      guard let name = PartitionDirectoryName(partition, fate, unique: digits) else {
        fail("no fate \(fate) for \(partition)")
      }
      checkEqual(PartitionDirectoryName(parsing: name.description), name, "its \(fate)")
      FuzzSupport.check(
        fate == .future || name.description.utf8.count <= 255, "too long: \(name)")
      FuzzSupport.check(partition.topic.hasPrefix(name.topic), "another topic: \(name)")
    }
    let junk = String(decoding: input.bytes(32), as: UTF8.self)
    _ = PartitionDirectoryName(partition, .delete, unique: junk)
  }
}
