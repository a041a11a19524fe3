import Testing

@testable import Varve

@Suite struct NamesInDirectoryTests {
  @Test func spares() {
    for number in [0, 1, 17, Int.max / 2] {
      #expect(LogFileNames.spareNumber(LogFileNames.spare(number)) == number)
    }
    for name in [
      "varve-spare.", "varve-spare.01", "varve-spare.+1", "varve-spare.-1", "varve-spare.1x",
      // To count on from these would trap.
      "varve-spare.9223372036854775806", "varve-spare.9223372036854775807",
      "varve-spare.9223372036854775808", "spare.1", "varve.side",
    ] {
      #expect(LogFileNames.spareNumber(name) == nil, "\(name)")
    }
  }

  /// None of our own names means anything to Kafka.
  @Test func namesThatKafkaPassesOver() {
    let index = SegmentPath(directory: "d", baseOffset: 5).offsetIndex
    let beside = SegmentPath.beside(index)
    #expect(beside == "d/varve-00000000000000000005.index-new")
    let names = [
      LogFileNames.sideFile, LogFileNames.spare(3), String(beside.dropFirst("d/".count)),
      LogFileNames.lock, LogFileNames.holder,
    ]
    for name in names {
      #expect(SegmentFileName(parsing: name) == nil)
      #expect(name.first?.isNumber == false)
      for suffix in ["log", "index", "timeindex", "txnindex", "snapshot", "deleted", "swap"] {
        #expect(!name.hasSuffix("." + suffix))
      }
    }
    #expect(LogFileNames.isTemporary(names[2]))
    #expect(!LogFileNames.isTemporary(LogFileNames.spare(3)))
    for name in [LogFileNames.sideFile, LogFileNames.lock, LogFileNames.holder] {
      #expect(!LogFileNames.isTemporary(name))
    }
  }

  @Test func listing() {
    let listing = DirectoryListing([
      "varve-spare.12", "00000000000000000100.log", "00000000000000000100.index", "varve.side",
      "varve-spare.3", "00000000000000000000.log", "varve-00000000000000000000.index-new",
      "00000000000000000050.log.deleted", "0.log", "x.log", "00000000000000000020.log.swap",
      "leader-epoch-checkpoint", "99999999999999999999.log", ".lock", "varve.holder",
    ])
    #expect(listing.bases == [0, 100])
    #expect(listing.spares == [3, 12])
    #expect(listing.temporaries == ["varve-00000000000000000000.index-new"])
    #expect(listing.doomed == ["00000000000000000050.log.deleted"])
    #expect(listing.replacements == [SegmentFileName(20, .log, transition: .swap)])
    #expect(listing.isBeingReplaced)
  }

  /// What is only being written takes nobody's place yet, and what is deleted none any more.
  @Test func replacements() {
    let names = ["00000000000000000020.log.cleaned", "00000000000000000020.index.deleted"]
    let listing = DirectoryListing(names)
    #expect(listing.replacements == [SegmentFileName(20, .log, transition: .cleaned)])
    #expect(!listing.isBeingReplaced && listing.bases == [])
  }
}
