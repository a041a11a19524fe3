import CLinuxForTests
import Foundation

/// How much memory a process may have, page cache and all, where control groups can be made; and else how
/// much address space.
enum MemoryLimit {
  /// What limits the calling process from here on.
  enum Kind: Equatable {
    case group(String)
    case addressSpace
  }

  static func limitThisProcess(to byteCount: Int) throws -> Kind {
    if let group = ownGroup("memory", byteCount, limit: "memory.limit_in_bytes")
      ?? ownGroup("", byteCount, limit: "memory.max")
    {
      return .group(group)
    }
    try limitAddresses(to: byteCount)
    return .addressSpace
  }

  /// Lets the calling process have so many bytes of address space, beside what it has: programs and libraries
  /// take hundreds of megabytes, for most of which no memory stands.
  static func limitAddresses(to byteCount: Int) throws {
    guard linux_limit_address_space(addressSpace + byteCount) == 0 else {
      throw CocoaError(.featureUnsupported)
    }
  }

  /// What this process has of it by now.
  private static var addressSpace: Int {
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    return (pages.split(separator: " ").first.flatMap { Int($0) } ?? 0) * Int(getpagesize())
  }

  /// Makes a control group with this process in it, and returns its path; nil where that is not allowed.
  private static func ownGroup(
    _ controller: String, _ byteCount: Int, limit: String
  ) -> String? {
    let groups = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
    let own = groups.split(separator: "\n").map {
      $0.split(separator: ":", omittingEmptySubsequences: false)
    }
    .first { $0.count == 3 && $0[1] == controller }
    guard let own else { return nil }
    let path = "/sys/fs/cgroup/\(controller)\(own[2])/varve-test-\(getpid())"
    guard mkdir(path, 0o755) == 0 else { return nil }
    guard write("\(byteCount)", to: "\(path)/\(limit)"),
      write("\(getpid())", to: "\(path)/cgroup.procs")
    else {
      rmdir(path)
      return nil
    }
    return path
  }

  private static func write(_ text: String, to path: String) -> Bool {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count
  }

  /// Removes the groups that processes have left which are gone.
  static func removeGroups() {
    let found = Process()
    found.executableURL = URL(filePath: "/usr/bin/find")
    found.arguments = ["/sys/fs/cgroup", "-name", "varve-test-*", "-type", "d"]
    let pipe = Pipe()
    found.standardOutput = pipe
    found.standardError = FileHandle.nullDevice
    guard (try? found.run()) != nil else { return }
    let paths = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    found.waitUntilExit()
    // Those of processes that still live are in use, and stay.
    for path in paths.split(separator: "\n") { rmdir(String(path)) }
  }
}
