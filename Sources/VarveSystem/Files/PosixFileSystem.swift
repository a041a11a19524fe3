internal import CVarveSystem

/// The file systems of the machine.
package final class PosixFileSystem: FileSystem {
  package init() {}

  package var hasKernelDescriptors: Bool { true }

  package func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> Descriptor {
    let descriptor = try SystemCall.open.perform {
      switch mode {
      case .reading: unsafe varve_open_reading(path)
      case .writing: unsafe varve_open_writing(path)
      case .creating: unsafe varve_open_creating(path)
      case .writingOrCreating: unsafe varve_open_any(path)
      }
    }
    return Descriptor(rawValue: descriptor)
  }

  package func close(_ descriptor: Descriptor) { _ = varve_close(descriptor.rawValue) }

  package func status(of descriptor: Descriptor) throws(SystemError) -> FileStatus {
    var status = varve_status()
    _ = try SystemCall.status.perform { unsafe varve_status(descriptor.rawValue, &status) }
    return FileStatus(status)
  }

  package func status(at path: String) throws(SystemError) -> FileStatus {
    var status = varve_status()
    _ = try SystemCall.status.perform { unsafe varve_status_at(path, &status) }
    return FileStatus(status)
  }

  package func statuses(
    of names: [String], in directory: String
  ) throws(SystemError) -> [FileStatus] {
    let place = try SystemCall.status.perform { unsafe varve_open_directory(directory) }
    defer { _ = varve_close(place) }
    var found: [FileStatus] = []
    found.reserveCapacity(names.count)
    for name in names {
      var status = varve_status()
      _ = try SystemCall.status.perform { unsafe varve_status_in(place, name, &status) }
      found.append(FileStatus(status))
    }
    return found
  }

  package func space(at path: String) throws(SystemError) -> FileSystemSpace {
    var space = varve_space()
    _ = try SystemCall.space.perform { unsafe varve_space(path, &space) }
    return FileSystemSpace(
      freeByteCount: Int(space.free_byte_count), totalByteCount: Int(space.total_byte_count),
      kind: FileSystemKind(rawValue: space.type))
  }

  /// How many files the process may have open.
  package static var openFileLimit: Int { Int(max(0, varve_file_limit())) }

  package func bootID() throws(SystemError) -> BootID {
    var text = InlineArray<37, CChar>(repeating: 0)
    // SAFETY: 37 bytes, as the call asks for.
    _ = try SystemCall.read.perform {
      unsafe withUnsafeMutableBytes(of: &text) {
        unsafe varve_boot_id($0.assumingMemoryBound(to: CChar.self).baseAddress)
      }
    }
    var id: UInt128 = 0
    for index in text.indices {
      let character = Character(UnicodeScalar(UInt8(bitPattern: text[index])))
      guard let digit = character.hexDigitValue else { continue }
      id = id << 4 | UInt128(digit)
    }
    return BootID(rawValue: id)
  }
}

extension FileStatus {
  fileprivate init(_ status: varve_status) {
    self.init(
      byteCount: Int(status.byte_count), allocatedByteCount: Int(status.allocated_byte_count),
      inode: status.inode, device: status.device,
      modified: Self.nanoseconds(status.modified_seconds, status.modified_nanoseconds),
      kind: status.kind == Int32(VARVE_KIND_FILE)
        ? .file : status.kind == Int32(VARVE_KIND_DIRECTORY) ? .directory : .other)
  }

  /// The years that a file system knows reach further than 64 bits of nanoseconds, which end in
  /// 2262: a file from later is from then.
  private static func nanoseconds(_ seconds: Int64, _ rest: Int64) -> Int64 {
    let (whole, isTooFar) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (all, isJustTooFar) = whole.addingReportingOverflow(rest)
    guard isTooFar || isJustTooFar else { return all }
    return seconds < 0 ? .min : .max
  }
}
