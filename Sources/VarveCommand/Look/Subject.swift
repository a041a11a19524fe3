internal import Varve
internal import VarveSystem

/// What a path leads to.
enum Subject: Hashable {
  /// A directory of logs.
  case store(String)
  /// The directory of a log.
  case log(String)
  case file(String)

  static func at(_ path: String, in shell: Shell) throws(CommandError) -> Subject {
    let trimmed = path.withoutTrailingSlash
    let look = Look(shell)
    guard try look.status(trimmed).kind == .directory else { return .file(trimmed) }
    let names = try look.names(trimmed)
    if names.contains(where: { SegmentFileName(parsing: $0)?.kind == .log }) {
      return .log(trimmed)
    }
    let checkpoints = [CheckpointName.recoveryPoints, .metaProperties, .cleanShutdown]
    let isStore =
      names.contains { PartitionDirectoryName(parsing: $0) != nil }
      || checkpoints.contains { names.contains($0.rawValue) }
    if isStore { return .store(trimmed) }
    if names.contains("varve.side") || names.contains(CheckpointName.partitionMetadata.rawValue) {
      return .log(trimmed)
    }
    throw CommandError(
      message: "\(path) is neither a log nor a directory of logs",
      hint:
        "A log's directory holds files like 00000000000000000000.log; 'varve ls' takes the one above."
    )
  }

  /// The directory of a log, and nothing else.
  static func log(at path: String, in shell: Shell) throws(CommandError) -> String {
    switch try at(path, in: shell) {
    case .log(let directory): return directory
    case .store(let directory):
      throw CommandError(
        message: "\(directory) is a directory of logs",
        hint: "'varve ls \(directory)' lists them; name one.", exit: .usage)
    case .file(let file):
      throw CommandError(
        message: "\(file) is a file", hint: "Name the directory of its log.", exit: .usage)
    }
  }
}

extension String {
  var withoutTrailingSlash: String {
    var path = self
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  /// What stands behind the last slash.
  var lastPart: String { split(separator: "/").last.map(String.init) ?? self }

  /// What stands before the last slash: the directory in which a path lies.
  var directoryPart: String {
    guard let slash = lastIndex(of: "/") else { return "." }
    return slash == startIndex ? "/" : String(self[..<slash])
  }
}
