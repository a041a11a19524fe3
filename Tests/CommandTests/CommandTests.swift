import Testing
import VarveSystem
import VarveTesting

@testable import Varve
@testable import VarveCommand

/// What the command does: looks without touching, writes what it says, and says what to do next.
@Suite struct CommandTests {
  private let desk = Desk()

  /// All bytes of all files below a directory.
  private func image(_ directory: String) throws -> [String: [UInt8]] {
    var image: [String: [UInt8]] = [:]
    for name in try desk.disk.list(directory) {
      let path = directory + "/" + name
      if try desk.disk.status(at: path).kind == .directory {
        image.merge(try self.image(path)) { left, _ in left }
      } else {
        image[path] = desk.disk.files(in: directory)[name]
      }
    }
    return image
  }

  @Test(arguments: [
    "ls -e /data", "ls /data/orders-0", "stat /data", "stat /data/orders-0",
    "dump -r /data/orders-0",
    "verify --deep --closed /data", "tail -n 5 /data/orders-0", "seal --dry-run /data",
    "clean --dry-run --beyond 1k /data/orders-0", "copy --file /data/orders-0 /elsewhere",
  ])
  func whatLooksChangesNothing(_ line: String) async throws {
    try await desk.makeStore()
    let before = try image("/data")
    let outcome = await desk.run(line)
    #expect(outcome.exit == .success && !outcome.out.isEmpty && outcome.errors.isEmpty)
    #expect(try image("/data") == before)
  }

  @Test func whatLooksWorksWhileSomebodyWrites() async throws {
    let log = try await Log.open(at: "/live-0", environment: desk.environment)
    for _ in 0..<10 { try log.append(Record(value: "x")) }
    let stat = await desk.run("stat /live-0")
    #expect(stat.lines.contains("end               10"))
    #expect(stat.lines.contains { $0.hasPrefix("lockedBy") && $0.hasSuffix("process 100") })
    let verify = await desk.run("verify /live-0")
    #expect(verify.exit == .success)
    #expect(verify.out.contains("10 records"))
    let tail = await desk.run("tail --values -n 2 /live-0")
    #expect(tail.out == "x\nx\n")
    for line in ["append /live-0", "seal /live-0", "clean --beyond 1k /live-0"] {
      let refused = await desk.run(line, input: "y\n")
      #expect(refused.exit == .failed && refused.errors.contains("Stop the process that has it"))
    }
    #expect(log.end == 10)
    try await log.close()
  }

  @Test func linesBecomeRecordsAndLinesAgain() async throws {
    let appended = await desk.run("append --create --keys /new-0", input: "a\t1\nb\t2\tx\nc")
    #expect(appended.out == "3 records, offsets 0...2, durable\n")
    #expect(await desk.run("tail --keys /new-0").out == "a\t1\nb\t2\tx\nc\t\n")
    #expect(
      await desk.run("tail --json -n 1 /new-0").out.hasSuffix(#""key":"c","value":null}"# + "\n"))
    let values = await desk.run("append --json /new-0", input: "line\n\n")
    #expect(values.out == #"{"count":2,"first":3,"end":5}"# + "\n")
    #expect(await desk.run("tail --values --from 3 /new-0").out == "line\n\n")
    #expect(await desk.run("verify --closed /new-0").exit == .success)
    let missing = await desk.run("append /none-0", input: "x\n")
    #expect(missing.exit == .failed && missing.errors.contains("--create"))
  }

  @Test func aLogInAStoreIsWrittenAsTheStoresDo() async throws {
    try await desk.makeStore()
    let appended = await desk.run("append /data/orders-0", input: "last\n")
    #expect(appended.out == "1 record, offset 20, durable\n")
    let points = await desk.run("dump /data/recovery-point-offset-checkpoint")
    #expect(points.lines == ["partition notes-1  offset 2", "partition orders-0  offset 21"])
    #expect(await desk.run("stat /data").out.contains("leftInOrder   yes"))
  }

  @Test func aCrashedLogIsSealed() async throws {
    try await desk.makeStore()
    try desk.append([1, 2, 3], to: "/data/orders-0/00000000000000000016.log")
    try desk.disk.unlink("/data/.kafka_cleanshutdown")
    let before = await desk.run("verify /data/orders-0")
    #expect(before.exit == .success && before.out.contains("3 bytes at the end are no whole batch"))
    #expect(await desk.run("verify --closed /data/orders-0").exit == .found)
    let sealed = await desk.run("seal /data")
    #expect(sealed.exit == .success && sealed.lines.last == "/data: 2 logs sealed")
    #expect(sealed.out.contains("orders-0: 3 bytes cut at offset 20"))
    #expect(await desk.run("verify --closed /data").exit == .success)
    let marker = try desk.disk.list("/data").contains(".kafka_cleanshutdown")
    #expect(marker)
  }

  @Test func whatIsDamagedIsExportedWithoutTheDamage() async throws {
    try await desk.makeStore()
    try desk.flip("/data/orders-0/00000000000000000008.log", at: 600)
    let copy = await desk.run("copy /data/orders-0 /copy-0")
    #expect(copy.exit == .found && copy.errors.contains("'varve export'"))
    let export = await desk.run("export /data/orders-0 /export-0")
    #expect(export.exit == .found)
    #expect(export.lines[0].contains("offsets 9...9"))
    #expect(export.lines[1].hasPrefix("19 batches, "))
    #expect(await desk.run("verify --closed /export-0").exit == .success)
    let keys = await desk.run("tail --keys --from earliest /export-0")
    #expect(keys.lines.count == 19 && !keys.out.contains("k0\t9 "))
    let again = await desk.run("export /data/orders-0 /export-0")
    #expect(again.exit == .failed && again.errors.contains("is there already"))
  }

  /// Neither where the log is damaged, nor where there is no room for the copy, nor in a store.
  @Test(arguments: [
    "copy /data/orders-0 /copy-0", "copy /data/orders-0 /data/copy-0",
    "copy --file /data/orders-0 /batches",
  ])
  func whatIsDamagedIsNotCopiedInPart(_ line: String) async throws {
    try await desk.makeStore()
    try desk.flip("/data/orders-0/00000000000000000008.log", at: 600)
    try await expectNothingLeft(of: line, .found)
  }

  @Test(
    arguments: [
      "copy /data/orders-0 /copy-0", "export /data/orders-0 /data/copy-0",
      "copy --file /data/orders-0 /batches",
    ], [2 << 10, 6 << 10, 20 << 10, 26 << 10])
  func whatFindsNoRoomLeavesNothing(_ line: String, freeByteCount: Int) async throws {
    try await desk.makeStore()
    let space = try desk.disk.space(at: "/")
    desk.disk.faults = .full(at: space.totalByteCount - space.freeByteCount + freeByteCount)
    // Of the file there is room for all in the end.
    guard !line.contains("--file") || freeByteCount < 9 << 10 else { return }
    try await expectNothingLeft(of: line, .failed)
  }

  private func expectNothingLeft(of line: String, _ exit: ExitCode) async throws {
    let before = try names()
    let outcome = await desk.run(line)
    desk.disk.faults = .none
    #expect(outcome.exit == exit, "\(outcome.errors)")
    #expect(try names() == before)
    #expect(await desk.run("verify --closed /data/notes-1").exit == .success)
  }

  /// All names on the disk, but those of a lock and of what a store's last stop left.
  private func names() throws -> [String] {
    try ["/", "/data"].flatMap { directory in try desk.disk.list(directory) }.sorted()
  }

  @Test func oldMessagesAreExportedAsBatches() async throws {
    try desk.disk.makeDirectory("/old-0")
    // A message of format 1: offset 4, 17 bytes of header, key `k` and value `v`.
    var body: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 0, 0, 9]
    body += [0, 0, 0, 1, UInt8(ascii: "k"), 0, 0, 0, 1, UInt8(ascii: "v")]
    let crc = CRC32.of(body)
    let message =
      [0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, UInt8(body.count + 4)] + crc + body
    let file = try OpenFile("/old-0/00000000000000000004.log", .creating, in: desk.disk)
    try file.write(message.span.bytes, at: 0)
    #expect(await desk.run("verify /old-0").out.contains("1 message of before format 2"))
    let export = await desk.run("export /old-0 /new-0")
    #expect(export.out.contains("1 record converted to format 2"))
    let tail = await desk.run("tail --json /new-0")
    #expect(tail.out == #"{"offset":4,"timestamp":9,"key":"k","value":"v"}"# + "\n")
  }

  @Test func copiesAreByteForByte() async throws {
    try await desk.makeStore()
    let copied = await desk.run("copy /data/orders-0 /data/copy-3")
    #expect(copied.out == "20 batches, 9.3 KiB, to /data/copy-3\n")
    #expect(await desk.run("verify --closed /data").exit == .success)
    let file = await desk.run("copy --file /data/orders-0 /batches")
    #expect(file.exit == .success)
    let logs = desk.disk.files(in: "/data/orders-0").filter { $0.key.hasSuffix(".log") }
    let all = logs.sorted { $0.key < $1.key }.flatMap(\.value)
    #expect(desk.disk.files(in: "/")["batches"] == all)
    #expect(desk.disk.files(in: "/data/copy-3")["00000000000000000000.log"] == all)
  }

  @Test func retentionSaysWhatItWouldDoAndDoesIt() async throws {
    try await desk.makeStore()
    let dry = await desk.run("clean --dry-run --beyond 5k /data/orders-0")
    #expect(dry.lines.last == "1 segment, 3.7 KiB, would go")
    let wet = await desk.run("clean --beyond 5k /data/orders-0")
    #expect(wet.lines == ["00000000000000000000.log\t3.7 KiB", "1 segment, 3.7 KiB, gone"])
    #expect(await desk.run("ls /data/orders-0").lines.count == 3)
    #expect(await desk.run("clean /data/orders-0").exit == .usage)
  }

  /// However long it takes: all logs of a store are open meanwhile, and each sees to its own cleaning.
  @Test(arguments: ["--beyond 5k", "--older-than 1s", "--free 1000000GiB"])
  func retentionIsOfTheLogThatIsNamed(_ bound: String) async throws {
    try await desk.makeStore()
    try await desk.makeNeighbour("returns-0")
    let before = try image("/data/returns-0").filter { $0.key.hasSuffix(".log") }
    #expect(before.count == 3)
    let dry = await desk.run("clean --dry-run \(bound) /data/orders-0", passing: 100)
    #expect(dry.exit == .success && dry.out.hasSuffix("would go\n"))
    let wet = await desk.run("clean \(bound) /data/orders-0", passing: 100)
    #expect(wet.exit == .success && wet.out.contains("00000000000000000000.log\t3.7 KiB"))
    #expect(try image("/data/returns-0").filter { $0.key.hasSuffix(".log") } == before)
    #expect(await desk.run("ls /data/returns-0").lines.count == 4)
  }

  @Test func errorsSayWhatToDoNext() async throws {
    try await desk.makeStore()
    let expected: [(String, ExitCode, String)] = [
      ("lss", .usage, "is it 'ls' that you mean?"),
      ("ls --jsn /data", .usage, "is it --json that you mean?"),
      ("ls", .usage, "<directory> is missing"),
      ("ls /data /data", .usage, "'/data' is one too many"),
      ("dump --from x /data/orders-0", .usage, "must be a number"),
      ("clean --older-than 3y /data/orders-0", .usage, "90s, 15m, 36h or 7d"),
      ("clean --beyond big /data/orders-0", .usage, "64k"),
      ("tail -n", .usage, "<count> is missing"),
      ("ls /nowhere", .failed, "there is no such file or directory"),
      ("tail /data", .usage, "lists them"),
      ("stat /data/meta.properties", .usage, "'varve dump /data/meta.properties'"),
      ("completions csh", .usage, "none of bash, zsh and fish"),
    ]
    for (line, exit, text) in expected {
      let outcome = await desk.run(line)
      #expect(outcome.exit == exit && outcome.errors.contains(text), "\(line): \(outcome.errors)")
      #expect(outcome.out.isEmpty)
    }
  }
}

/// The older checksum, as messages of before format 2 have it.
enum CRC32 {
  static func of(_ bytes: [UInt8]) -> [UInt8] {
    var crc: UInt32 = ~0
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
    }
    crc = ~crc
    return (0..<4).map { UInt8(truncatingIfNeeded: crc >> (24 - 8 * $0)) }
  }
}
