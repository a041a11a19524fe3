package import VarveSystem

extension SimulatedFileSystem {
  package func read(
    _ descriptor: Descriptor, into memory: UnsafeMutableRawBufferPointer, at position: Int
  ) throws(SystemError) -> Int {
    let operation = SimulatedOperation(
      .read, path(of: descriptor), .bytes(at: position, count: memory.count), isMutation: false)
    return try perform(operation) { kernel throws(SystemError) in
      let file = try kernel.file(descriptor, for: .read)
      guard position >= 0 else { throw SystemError(.read, .invalid) }
      return try unsafe file.read(into: memory, at: position)
    }
  }

  package func readResident(
    _ descriptor: Descriptor, into memory: UnsafeMutableRawBufferPointer, at position: Int
  ) throws(SystemError) -> Int? {
    let operation = SimulatedOperation(
      .readResident, path(of: descriptor), .bytes(at: position, count: memory.count),
      isMutation: false)
    return try perform(operation) { kernel throws(SystemError) in
      let file = try kernel.file(descriptor, for: .readResident)
      guard position >= 0 else { throw SystemError(.readResident, .invalid) }
      if kernel.coldReadOdds > 0, kernel.random.isOne(in: kernel.coldReadOdds) { return nil }
      return try unsafe file.read(into: memory, at: position)
    }
  }

  package func readDevice(
    _ descriptor: Descriptor, into memory: UnsafeMutableRawBufferPointer, at position: Int
  ) throws(SystemError) -> Int {
    let operation = SimulatedOperation(
      .readDevice, path(of: descriptor), .bytes(at: position, count: memory.count),
      isMutation: false)
    return try perform(operation) { kernel throws(SystemError) in
      let file = try kernel.file(descriptor, for: .readDevice)
      guard position % PageImage.byteCount == 0, memory.count % PageImage.byteCount == 0 else {
        throw SystemError(.readDevice, .invalid)
      }
      return try unsafe file.readDevice(into: memory, at: position)
    }
  }

  package func nextData(
    _ descriptor: Descriptor, from position: Int
  ) throws(SystemError) -> Range<Int>? {
    let operation = SimulatedOperation(
      .nextData, path(of: descriptor), .bytes(at: position, count: 0), isMutation: false)
    return try perform(operation) { kernel throws(SystemError) in
      let file = try kernel.file(descriptor, for: .nextData)
      guard position >= 0 else { throw SystemError(.nextData, .invalid) }
      return file.nextData(from: position)
    }
  }

  package func write(
    _ descriptor: Descriptor, from memory: UnsafeRawBufferPointer, at position: Int
  ) throws(SystemError) {
    let operation = SimulatedOperation(
      .write, path(of: descriptor), .bytes(at: position, count: memory.count))
    try perform(
      operation,
      failing: { kernel in
        // How much of it was done is not known to the caller, and not to be relied upon.
        let count = kernel.random.number(below: memory.count + 1)
        try? unsafe kernel.write(descriptor, from: memory, upTo: count, at: position, now: now)
      }
    ) { kernel throws(SystemError) in
      try unsafe kernel.write(
        descriptor, from: memory, upTo: memory.count, at: position, now: now)
    }
  }

  package func allocate(_ descriptor: Descriptor, _ range: Range<Int>) throws(SystemError) {
    guard !range.isEmpty else { return }
    let operation = SimulatedOperation(.allocate, path(of: descriptor), .text("\(range)"))
    try perform(operation) { kernel throws(SystemError) in
      let file = try kernel.writableFile(descriptor, for: .allocate)
      guard range.lowerBound >= 0 else { throw SystemError(.allocate, .invalid) }
      guard file.allocated.missing(of: SimulatedFile.pages(range)) <= kernel.freePageCount else {
        throw SystemError(.allocate, .noSpace)
      }
      try file.allocate(range, now: now)
    }
  }

  package func truncate(_ descriptor: Descriptor, to byteCount: Int) throws(SystemError) {
    let operation = SimulatedOperation(.truncate, path(of: descriptor), .text("\(byteCount)"))
    try perform(operation) { kernel throws(SystemError) in
      let file = try kernel.writableFile(descriptor, for: .truncate, otherwise: .invalid)
      guard byteCount >= 0 else { throw SystemError(.truncate, .invalid) }
      try file.truncate(to: byteCount, now: now)
    }
  }

  package func syncData(_ descriptor: Descriptor) throws(SystemError) {
    try sync(descriptor, .syncData)
  }

  package func syncAll(_ descriptor: Descriptor) throws(SystemError) {
    try sync(descriptor, .syncAll)
  }

  private func sync(_ descriptor: Descriptor, _ call: SystemCall) throws(SystemError) {
    let operation = SimulatedOperation(call, path(of: descriptor))
    try perform(
      operation,
      failing: { kernel in
        guard let open = kernel.descriptors[descriptor] else { return }
        kernel.files[open.inode]?.failSync()
      }
    ) { kernel throws(SystemError) in
      guard let open = kernel.descriptors[descriptor] else {
        throw SystemError(call, .badDescriptor)
      }
      if kernel.isSilenced(operation, of: open.inode) { return }
      if let file = kernel.files[open.inode] {
        file.sync(metadata: call == .syncAll)
      } else {
        kernel.names.sync(open.inode)
      }
    }
  }

  package func setModified(
    _ descriptor: Descriptor, to nanoseconds: Int64
  ) throws(SystemError) {
    let operation = SimulatedOperation(.setModified, path(of: descriptor), .text("\(nanoseconds)"))
    try perform(operation) { kernel throws(SystemError) in
      guard let open = kernel.descriptors[descriptor] else {
        throw SystemError(.setModified, .badDescriptor)
      }
      kernel.files[open.inode]?.modified = nanoseconds
    }
  }
}

extension SimulatedKernel {
  /// Writes the first `count` bytes, or as many of them as there is room for.
  @unsafe
  fileprivate func write(
    _ descriptor: Descriptor, from memory: UnsafeRawBufferPointer, upTo count: Int,
    at position: Int, now: Int64
  ) throws(SystemError) {
    let file = try writableFile(descriptor, for: .write)
    guard position >= 0 else { throw SystemError(.write, .invalid) }
    let range = position..<position + count
    var free = freePageCount
    var end = range.upperBound
    if file.allocated.missing(of: SimulatedFile.pages(range)) > free {
      for page in SimulatedFile.pages(range) where !file.allocated.contains(page) {
        if free == 0 {
          end = max(page * PageImage.byteCount, position)
          break
        }
        free -= 1
      }
    }
    try unsafe file.write(
      from: UnsafeRawBufferPointer(rebasing: memory[..<(end - position)]), at: position, now: now)
    if end < range.upperBound { throw SystemError(.write, .noSpace) }
  }
}
