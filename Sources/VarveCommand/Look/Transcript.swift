internal import Varve
internal import VarveSystem

/// Writes the batches of one log to another, or to a file. Where that fails, nothing is left of either.
struct Transcript {
  private let source: String
  private let target: String
  private let mends: Bool

  init(_ source: String, _ target: String, mends: Bool) {
    self.source = source
    self.target = target.withoutTrailingSlash
    self.mends = mends
  }

  private func refuseExisting(_ look: Look) throws(CommandError) {
    guard (try? look.status(target)) == nil else {
      throw CommandError(
        message: "\(target) is there already", hint: "Name one that is not: nothing is overwritten."
      )
    }
  }

  func write(in shell: Shell) async throws(CommandError) -> LogCopy.Count {
    let look = Look(shell)
    let files = try LogFiles(try Subject.log(at: source, in: shell), look)
    try refuseExisting(look)
    let handle = try await WritableLog.open(target, creates: true, in: shell)
    do throws(CommandError) {
      let count = try await copy(files, look, to: handle.log, shell)
      do throws(LogError) { try await handle.close() } catch { throw CommandError(error) }
      return count
    } catch {
      await handle.discard(target, look)
      throw error
    }
  }

  private func copy(
    _ files: LogFiles, _ look: Look, to log: Log, _ shell: Shell
  ) async throws(CommandError) -> LogCopy.Count {
    if let first = files.segments.first?.base, first > 0 {
      do throws(LogError) { try await log.truncateFully(startingAt: first) } catch {
        throw CommandError(error)
      }
    }
    return try append(files, look, to: log, shell)
  }

  private func append(
    _ files: LogFiles, _ look: Look, to log: Log, _ shell: Shell
  ) throws(CommandError) -> LogCopy.Count {
    try run(files, look, shell) { (bytes) throws(CommandError) in
      do throws(LogError) { try log.append(replicated: bytes.span.bytes) } catch {
        throw CommandError(error)
      }
    }
  }

  func writeFile(in shell: Shell) throws(CommandError) -> LogCopy.Count {
    let look = Look(shell)
    let files = try LogFiles(try Subject.log(at: source, in: shell), look)
    try refuseExisting(look)
    let part = target + ".part"
    do throws(CommandError) {
      return try writeFile(files, look, part, shell)
    } catch {
      try? look.fileSystem.unlink(part)
      throw error
    }
  }

  /// Under another name, until it is whole.
  private func writeFile(
    _ files: LogFiles, _ look: Look, _ part: String, _ shell: Shell
  ) throws(CommandError) -> LogCopy.Count {
    let file: OpenFile
    do throws(SystemError) {
      file = try OpenFile(part, .writingOrCreating, in: look.fileSystem)
      try file.truncate(to: 0)
    } catch {
      throw CommandError(error, part)
    }
    var position = 0
    let count = try run(files, look, shell) { (bytes) throws(CommandError) in
      do throws(SystemError) { try file.write(bytes.span.bytes, at: position) } catch {
        throw CommandError(error, part)
      }
      position += bytes.count
    }
    do throws(SystemError) {
      try file.syncData()
      try look.fileSystem.rename(part, to: target)
      try look.fileSystem.syncDirectory(target.directoryPart)
    } catch {
      throw CommandError(error, target)
    }
    return count
  }

  private func run(
    _ files: LogFiles, _ look: Look, _ shell: Shell,
    _ take: ([UInt8]) throws(CommandError) -> Void
  ) throws(CommandError) -> LogCopy.Count {
    let bar = ProgressBar("copying", of: files.byteCount, in: shell)
    defer { bar.end() }
    var done = 0
    var copy = LogCopy(files, look, mends: mends)
    try copy.run(
      {
        done += $0
        bar.show(done)
      }, take)
    return copy.count
  }
}
