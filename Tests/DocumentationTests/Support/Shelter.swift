import Foundation

/// A directory of a test's own, which goes with it.
final class Shelter: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/varve-articles-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Two sockets that are connected with each other.
final class SocketPair: Sendable {
  let ends: (Int32, Int32)

  init() throws {
    var pair: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0, &pair) == 0
    else { throw CocoaError(.fileNoSuchFile) }
    ends = (pair[0], pair[1])
  }

  deinit {
    close(ends.0)
    close(ends.1)
  }

  /// What the second end has received by now, which may be nothing.
  func received() -> [UInt8] {
    var bytes: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = read(ends.1, &room, room.count)
      guard count > 0 else { return bytes }
      bytes += room[..<count]
    }
  }
}
