import CLinuxForTests
import Glibc
import Testing
import VarveSystem

@Suite struct ProcessTests {
  private let system = PosixFileSystem()

  @Test func thisProcess() throws {
    let own = try system.currentProcess()
    #expect(own.number == getpid())
    #expect(own.startTicks > 0)
    #expect(!own.hostName.isEmpty)
    #expect(try system.bootID() == own.bootID)
    #expect(try system.currentProcess() == own)
    #expect(!system.hasEnded(own))
  }

  @Test func oneThatEnds() throws {
    let directory = try TemporaryDirectory()
    let child = linux_fork_locking(directory.path("lock"))
    try #require(child > 0)
    let line = try String(contentsOf: child)
    var process = try system.currentProcess()
    process.number = child
    process.startTicks = try #require(ProcessStatus(parsing: line)).startTicks
    #expect(!system.hasEnded(process))
    try #require(linux_kill_child(child) == 0)
    #expect(ProcessStatus(parsing: try String(contentsOf: child))?.hasEnded == true)
    #expect(system.hasEnded(process))
    #expect(linux_reap_child(child) == child)
    #expect(system.hasEnded(process))
  }

  @Test func anotherOneOfTheSameNumber() throws {
    var process = try system.currentProcess()
    process.startTicks += 1
    #expect(system.hasEnded(process))
  }

  /// What is not of this machine is not known here.
  @Test func oneOfAnotherMachine() throws {
    var process = try system.currentProcess()
    process.startTicks += 1
    var elsewhere = process
    elsewhere.hostName += "-2"
    #expect(!system.hasEnded(elsewhere))
    var before = process
    before.bootID = BootID(rawValue: process.bootID.rawValue ^ 1)
    #expect(!system.hasEnded(before))
    for number: Int32 in [0, -1, .min] {
      process.number = number
      #expect(!system.hasEnded(process))
    }
  }

  /// The first process of all is somebody else's where we are not root.
  @Test func oneThatIsNotOurs() throws {
    var first = try system.currentProcess()
    first.number = 1
    first.startTicks = try #require(ProcessStatus(parsing: String(contentsOf: 1))).startTicks
    let process = first
    #expect(try !asNobody { PosixFileSystem().hasEnded(process) })
  }

  @Test(
    arguments: [
      ("1 (a) S", nil), ("", nil), ("1 a S 1", nil), (") ", nil),
      ("7 (sh) S 1 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 x 9", nil),
      ("7 (sh) S 1 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 4711 9", (4711, false)),
      ("7 (a) Z (b) 1 2) R 1 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 4711", (4711, false)),
      ("7 (sh) Z 1 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 12 9", (12, true)),
      ("7 (sh) X 1 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 12 9", (12, true)),
    ] as [(String, (UInt64, Bool)?)])
  func lines(line: String, expected: (UInt64, Bool)?) {
    let status = ProcessStatus(parsing: line)
    #expect(status?.startTicks == expected?.0)
    #expect(status?.hasEnded == expected?.1)
  }
}

extension String {
  /// What the kernel says of a process.
  fileprivate init(contentsOf process: Int32) throws {
    var bytes = [UInt8](repeating: 0, count: 2048)
    let file = open("/proc/\(process)/stat", O_RDONLY)
    defer { close(file) }
    let count = Glibc.read(file, &bytes, bytes.count)
    try #require(count > 0)
    self = String(decoding: bytes[..<count], as: UTF8.self)
  }
}
