public import Varve
internal import VarveSystem

// Looking at the disk from outside: nothing is counted, nothing fails.

extension SimulatedFileSystem {
  /// The files in a directory with all their bytes, as whoever opens them would read them. Empty if
  /// there is no such directory.
  public func files(in directory: String) -> [String: [UInt8]] {
    each(in: directory) { $0.contents }
  }

  /// When the files in a directory were changed last.
  public func modifications(in directory: String) -> [String: Timestamp] {
    each(in: directory) { Timestamp(milliseconds: $0.modified / 1_000_000) }
  }

  private func each<Value>(
    in directory: String, _ value: (SimulatedFile) -> Value
  ) -> [String: Value] {
    withKernel { kernel in
      guard let place = try? kernel.names.place(of: directory, for: .list),
        let inode = place.inode
      else { return [:] }
      let graph = kernel.names.live
      var found: [String: Value] = [:]
      for name in graph.names(in: inode) {
        guard let own = graph[.init(directory: inode, name: name)], let file = kernel.files[own]
        else { continue }
        found[name] = value(file)
      }
      return found
    }
  }
}

extension KafkaLoaderModel {
  /// A directory of a simulated disk, as it is now.
  public init(of directory: String, in fileSystem: SimulatedFileSystem) {
    self.init(
      files: fileSystem.files(in: directory), modified: fileSystem.modifications(in: directory))
  }
}
