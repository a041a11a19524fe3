internal import Varve
internal import VarveSystem

/// Looks at files, and changes none.
struct Look: Sendable {
  let fileSystem: any FileSystem

  /// What is read of a file at once, but for a segment's.
  static let fileByteCount = 1 << 30

  init(_ shell: Shell) { fileSystem = shell.environment.fileSystem }

  func status(_ path: String) throws(CommandError) -> FileStatus {
    do throws(SystemError) { return try fileSystem.status(at: path) } catch {
      throw CommandError(error, path)
    }
  }

  func names(_ directory: String) throws(CommandError) -> [String] {
    do throws(SystemError) { return try fileSystem.list(directory).sorted() } catch {
      throw CommandError(error, directory)
    }
  }

  func open(_ path: String) throws(CommandError) -> OpenFile {
    do throws(SystemError) { return try OpenFile(path, .reading, in: fileSystem) } catch {
      throw CommandError(error, path)
    }
  }

  /// All bytes of a file.
  func bytes(_ path: String) throws(CommandError) -> [UInt8] {
    let file = try open(path)
    do throws(SystemError) {
      let count = try file.status().byteCount
      guard count <= Self.fileByteCount else {
        throw SystemError(.read, .noSpace)
      }
      return try file.bytes(at: 0, count: count)
    } catch {
      throw CommandError(error, path)
    }
  }

  /// All bytes of a file; nil if there is none.
  func bytesIfThere(_ path: String) throws(CommandError) -> [UInt8]? {
    guard (try? fileSystem.status(at: path)) != nil else { return nil }
    return try bytes(path)
  }

  /// Who has the lock of a directory, in words; nil where nobody has.
  func holder(of directory: String) -> String? {
    guard let file = try? OpenFile(directory + "/.lock", .reading, in: fileSystem),
      let owner = try? file.lockOwner()
    else { return nil }
    switch owner {
    case .nobody: return nil
    case .process(let number): return "process \(number)"
    case .untold: return note(in: directory) ?? "a process that does not say who it is"
    }
  }

  /// What whoever has a lock says of itself.
  private func note(in directory: String) -> String? {
    guard let bytes = try? bytes(directory + "/varve.holder") else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    return lines.first { $0.hasPrefix("process ") }.map(String.init)
  }

  /// Whether somebody may be writing a log: whoever has its lock, or that of the directory above.
  func isLive(_ log: String) -> Bool { holder(ofLog: log) != nil }

  func holder(ofLog log: String) -> String? {
    let above = log.lastIndex(of: "/").map { String(log[..<$0]) } ?? "."
    return holder(of: log) ?? holder(of: above.isEmpty ? "/" : above)
  }
}

extension OpenFile {
  /// Some of the file's bytes, fewer only at its end.
  func bytes(at position: Int, count: Int) throws(SystemError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: max(0, count))
    var failure: SystemError?
    let done = bytes.withUnsafeMutableBytes { memory in
      do throws(SystemError) { return try read(into: memory, at: position) } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    bytes.removeLast(bytes.count - done)
    return bytes
  }
}
