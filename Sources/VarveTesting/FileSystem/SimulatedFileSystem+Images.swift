// All that a power cut at one moment may leave.

extension SimulatedFileSystem {
  /// What a power cut may keep or lose now, always in the same order.
  package var unsyncedItems: [UnsyncedItem] {
    withKernel { kernel in
      let names = kernel.names.unsynced.enumerated().map { number, operation in
        UnsyncedItem(kind: .name(number), text: "\(operation)", inode: nil)
      }
      return kernel.files.values.sorted { $0.inode < $1.inode }.reduce(into: names) { items, file in
        let name = kernel.names.name(of: file.inode)
        items += file.unsyncedKinds.map { UnsyncedItem(kind: $0, text: name, inode: file.inode) }
      }
    }
  }

  /// The disk as a power cut leaves it that keeps these items and loses all others.
  ///
  /// - Parameter keepsFacts: Whether it is kept when files were changed, and which space they have.
  package func fork(
    cuttingPowerKeeping items: some Sequence<UnsyncedItem>, keepsFacts: Bool
  ) -> SimulatedFileSystem {
    var names: Set<Int> = []
    var files: [Int64: Set<UnsyncedItem.Kind>] = [:]
    for item in items {
      if case .name(let number) = item.kind { names.insert(number) }
      if let inode = item.inode { files[inode, default: []].insert(item.kind) }
    }
    let image = fork()
    image.withKernel { kernel in
      kernel.names.cutPower(keeping: names)
      kernel.endProcess()
      for (inode, file) in kernel.files {
        file.cutPower(keeping: files[inode] ?? [], keepsFacts: keepsFacts)
      }
      kernel.endBoot()
    }
    return image
  }

  /// A number that is the same for disks which hold the same, in one run of a process.
  package var fingerprint: Int {
    withKernel { kernel in
      var hasher = Hasher()
      let graph = kernel.names.live
      for (directory, names) in graph.directories.sorted(by: { $0.key < $1.key }) {
        hasher.combine(directory)
        for (name, inode) in names.sorted(by: { $0.key < $1.key }) {
          hasher.combine(name)
          hasher.combine(inode)
          kernel.files[inode]?.hash(into: &hasher)
        }
      }
      return hasher.finalize()
    }
  }
}

extension NameTree {
  /// What a file is called, or was.
  fileprivate func name(of inode: Int64) -> String {
    for graph in [live, durable] {
      for names in graph.directories.values {
        if let name = names.first(where: { $0.value == inode })?.key { return name }
      }
    }
    return "a file without a name"
  }
}

extension SimulatedFile {
  /// Of its live bytes, page by page, and what is known of it.
  fileprivate func hash(into hasher: inout Hasher) {
    hasher.combine(byteCount)
    hasher.combine(modified)
    for page in pagesWithBytes() {
      hasher.combine(page)
      hasher.combine(image(of: page))
    }
  }
}
