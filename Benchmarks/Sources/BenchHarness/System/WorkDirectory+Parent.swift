internal import CBenchProbes
internal import Glibc

extension WorkDirectory {
  /// Where a process makes its directories. Its name tells whose it is, so that what a killed
  /// process left is found by the next one.
  struct Parent: Sendable {
    private static let prefix = "varve-bench-data."
    let directory: String

    var path: String { "\(directory)/\(Self.prefix)\(getpid())" }

    /// - Parameter directory: By default, beside the program: a build is seldom on a tmpfs.
    init(_ directory: String?) throws {
      self.directory = try directory ?? Self.programDirectory()
    }

    /// In memory, where files are made and removed at once: nil where the system has no such place that this
    /// user may write to.
    static var inMemory: Parent? {
      guard let parent = try? Parent("/dev/shm"), parent.fileSystem == "tmpfs",
        access(parent.directory, W_OK) == 0
      else { return nil }
      return parent
    }

    private static func programDirectory() throws -> String {
      guard let program = realpath("/proc/self/exe", nil) else {
        throw SystemError("can't find the program")
      }
      defer { free(program) }
      return String(cString: dirname(program))
    }

    /// Removes what this process made, and what others did that are no more.
    func removeLeftovers() throws {
      guard let listing = opendir(directory) else {
        throw SystemError("can't list \(directory)")
      }
      defer { closedir(listing) }
      while let entry = readdir(listing) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        guard name.hasPrefix(Self.prefix), let owner = pid_t(name.dropFirst(Self.prefix.count)),
          owner == getpid() || kill(owner, 0) != 0 && errno == ESRCH
        else { continue }
        try WorkDirectory.remove("\(directory)/\(name)")
      }
    }

    /// The file system that is measured.
    var fileSystem: String {
      let number = varve_bench_file_system(directory)
      return Self.names[number] ?? "0x" + String(number, radix: 16)
    }

    /// How many bytes it has left.
    var freeByteCount: Int { max(0, Int(varve_bench_free_bytes(directory))) }

    private static let names: [Int64: String] = [
      0xEF53: "ext4", 0x5846_5342: "xfs", 0x9123_683E: "btrfs", 0x0102_1994: "tmpfs",
      0x794C_7630: "overlay", 0x2FC1_2FC1: "zfs", 0x6969: "nfs",
    ]
  }
}
