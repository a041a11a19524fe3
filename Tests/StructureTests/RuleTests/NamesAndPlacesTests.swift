import Testing

@Suite struct KnownModulesTests {
  @Test func refusesWhatTheHouseDoesNotKnow() {
    #expect(lines(KnownModules(), "Sources/VarveExtras/A.swift", "") == [1])
    #expect(lines(KnownModules(), "Sources/CExtras/a.c", "") == [1])
    #expect(lines(KnownModules(), "Sources/A.swift", "") == [1])
  }

  @Test func allowsItsModules() {
    #expect(lines(KnownModules(), "Sources/Varve/Log/A.swift", "").isEmpty)
    #expect(lines(KnownModules(), "Sources/CZlib/shim.h", "").isEmpty)
    #expect(lines(KnownModules(), "Tests/Anything/A.swift", "").isEmpty)
  }
}

@Suite struct FileNamesTests {
  @Test(arguments: [
    "Sources/Varve/LogManager.swift", "Sources/Varve/Helpers/A.swift",
    "Tests/VarveTests/TestHelper.swift", "Sources/Varve/ByteUtils.swift",
    "Sources/Varve/Utility.swift", "Sources/Varve/Utilities/A.swift",
    "Sources/CVarveBytes/CrcImpl.c", "Sources/Varve/LogImpl+Read.swift",
  ])
  func refuses(path: String) { #expect(lines(FileNames(), path, "") == [1]) }

  @Test(arguments: [
    "Sources/Varve/Log.swift", "Sources/Varve/ImplicitBase.swift",
    "Sources/Varve/DiskUtilization.swift", "Docs/Manager.md",
  ])
  func allows(path: String) { #expect(lines(FileNames(), path, "").isEmpty) }
}

@Suite struct FileLengthTests {
  @Test(arguments: ["Sources/Varve/A.swift", "Tests/T/A.swift", "Sources/CVarveBytes/a.c", "a.h"])
  func refusesMoreThan500Lines(path: String) {
    #expect(lines(FileLength(), path, String(repeating: "\n", count: 501)) == [501])
    #expect(lines(FileLength(), path, String(repeating: "a\n", count: 500) + "a") == [501])
  }

  @Test func allows500() {
    #expect(lines(FileLength(), "A.swift", String(repeating: "\n", count: 500)).isEmpty)
    #expect(lines(FileLength(), "A.md", String(repeating: "\n", count: 5000)).isEmpty)
  }
}

@Suite struct MachineTracesTests {
  private let rule = MachineTraces()

  @Test(arguments: MachineTraces.folders)
  func refusesAbsolutePaths(folder: String) {
    #expect(lines(rule, "Docs/A.md", "a\nsee \(folder)varve\n") == [2])
    #expect(lines(rule, "Makefile", "\(folder)varve") == [1])
    #expect(lines(rule, "A.swift", "let url = \"file://\(folder)varve\"") == [1])
  }

  @Test(arguments: MachineTraces.folders)
  func allowsRelativeOnes(folder: String) {
    #expect(
      lines(rule, "Docs/A.md", "see Docs\(folder)a, ..\(folder)a and $(TMP)\(folder)").isEmpty)
  }

  @Test(arguments: MachineTraces.hosts)
  func refusesHosts(host: String) {
    #expect(lines(rule, ".ci/run", "#!\ncurl https://\(host)/x") == [2])
  }

  @Test func allowsOtherHosts() {
    #expect(lines(rule, "README.md", "https://kafka.apache.org/documentation").isEmpty)
  }
}
