import CLinuxForTests
import Foundation
import Testing
import VarveSystem

/// A small file system of the kernel's own, that only the calling thread sees, and that goes with it.
enum SmallDisk: String, CaseIterable, Sendable {
  case tmpfs, ext4, xfs, btrfs

  /// Those that can be made and mounted here.
  static let available = allCases.filter { isMountable && $0.hasMaker }

  /// Whether this process may mount at all: root may, where no container forbids it.
  static let isMountable: Bool = {
    let found = Lock(false)
    let thread = try? OwnedThread(named: "varve-mount") {
      let isAllowed = linux_own_mounts() >= 0
      found.withLock { $0 = isAllowed }
    }
    thread?.join()
    return found.withLock { $0 }
  }()

  private var maker: String { "/usr/sbin/mkfs." + rawValue }

  private var hasMaker: Bool {
    self == .tmpfs || FileManager.default.isExecutableFile(atPath: maker)
  }

  /// As small as its maker lets it be.
  private var byteCount: Int {
    switch self {
    case .tmpfs: 16 << 20
    case .ext4: 64 << 20
    case .xfs: 300 << 20
    case .btrfs: 114 << 20
    }
  }

  /// Calls `body` with a folder on such a file system, on a thread that alone sees it, with those that it
  /// starts; and then, if there is an `afterwards`, that one, once the file system was taken away and is
  /// there again.
  ///
  /// - Parameter byteCount: How large it is; nil for as small as it can be.
  func withMount(
    byteCount: Int? = nil, options: String = "",
    _ body: @escaping @Sendable (String) throws -> Void,
    afterwards: (@Sendable (String) throws -> Void)? = nil
  ) throws {
    let place = FileManager.default.currentDirectoryPath + "/.build/test-disk-" + UUID().uuidString
    let image = place + ".image"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    defer { for path in [place, image] { try? FileManager.default.removeItem(atPath: path) } }
    let result = Lock<Result<Void, any Error>?>(nil)
    let thread = try OwnedThread(named: "varve-mount") {
      let made = Result {
        try #require(linux_own_mounts() == 0)
        let byteCount = byteCount ?? self.byteCount
        if self != .tmpfs { try make(image, byteCount) }
        for body in [body] + (afterwards.map { [$0] } ?? []) {
          try mount(image, at: place, byteCount, options)
          defer { try? run("/bin/umount", [place]) }
          try body(place)
        }
      }
      result.withLock { $0 = made }
    }
    thread.join()
    try #require(result.withLock { $0 }).get()
  }

  private func make(_ image: String, _ byteCount: Int) throws {
    try #require(FileManager.default.createFile(atPath: image, contents: nil))
    let file = try OpenFile(image, .writing, in: PosixFileSystem())
    try file.truncate(to: byteCount)
    // Nothing of it is kept for root, which tests may run as.
    try run(maker, (self == .ext4 ? ["-q", "-m", "0"] : ["-f"]) + [image])
  }

  private func mount(
    _ image: String, at place: String, _ byteCount: Int, _ options: String
  ) throws {
    guard self != .tmpfs else {
      return try #require(linux_mount_tmpfs(place, "size=\(byteCount)") == 0)
    }
    let all = options.isEmpty ? "loop" : "loop," + options
    try run("/bin/mount", ["-o", all, image, place])
  }

  /// A child of this thread sees what it has mounted.
  private func run(_ program: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(program) \(arguments)")
  }

  /// Takes so much room that no more than a part of the disk is free, in a file of its own.
  static func fill(_ directory: String, leaving part: Double) throws {
    let space = try PosixFileSystem().space(at: directory)
    let excess = space.freeByteCount - Int(part * Double(space.totalByteCount))
    let file = try OpenFile(directory + "/filler", .writingOrCreating, in: PosixFileSystem())
    try file.allocate(0..<excess)
  }

  /// Takes all the room that is left, to the last byte, in a file of its own.
  static func fill(_ directory: String) throws {
    let file = try OpenFile(directory + "/filler", .writingOrCreating, in: PosixFileSystem())
    var position = try file.status().byteCount
    for count in [1 << 20, 4096, 1] {
      let bytes = [UInt8](repeating: 7, count: count)
      do throws(SystemError) {
        while true {
          try file.write(bytes.span.bytes, at: position)
          position += count
        }
      } catch {
        guard error.errno == .noSpace else { throw error }
        // What was written of it stays: it takes room, too.
        position = try file.status().byteCount
      }
    }
  }

  static func empty(_ directory: String) throws {
    try PosixFileSystem().unlink(directory + "/filler")
  }
}
