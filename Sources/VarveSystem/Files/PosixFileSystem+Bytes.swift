internal import CVarveSystem

extension PosixFileSystem {
  package func read(
    _ descriptor: Descriptor, into memory: UnsafeMutableRawBufferPointer, at position: Int
  ) throws(SystemError) -> Int {
    var count = 0
    while count < memory.count {
      // SAFETY: the rest of the caller's memory.
      let done = try SystemCall.read.perform {
        unsafe varve_read(
          descriptor.rawValue, memory.baseAddress.unsafelyUnwrapped + count, memory.count - count,
          Int64(position + count))
      }
      if done == 0 { break }
      count += Int(done)
    }
    return count
  }

  package func readResident(
    _ descriptor: Descriptor, into memory: UnsafeMutableRawBufferPointer, at position: Int
  ) throws(SystemError) -> Int? {
    do throws(SystemError) {
      // SAFETY: the caller's memory.
      return Int(
        try SystemCall.readResident.perform {
          unsafe varve_read_resident(
            descriptor.rawValue, memory.baseAddress, memory.count, Int64(position))
        })
    } catch {
      switch error.errno {
      case .again, .notSupported, .notImplemented: return nil
      default: throw error
      }
    }
  }

  package func readDevice(
    _ descriptor: Descriptor, into memory: UnsafeMutableRawBufferPointer, at position: Int
  ) throws(SystemError) -> Int {
    // SAFETY: the caller's memory.
    Int(
      try SystemCall.readDevice.perform {
        unsafe varve_read_device(
          descriptor.rawValue, memory.baseAddress, memory.count, Int64(position))
      })
  }

  package func nextData(
    _ descriptor: Descriptor, from position: Int
  ) throws(SystemError) -> Range<Int>? {
    do throws(SystemError) {
      var end: Int64 = 0
      let start = try SystemCall.nextData.perform {
        unsafe varve_next_data(descriptor.rawValue, Int64(position), &end)
      }
      // Somebody else may cut the file meanwhile.
      return Int(start)..<max(Int(start), Int(end))
    } catch {
      guard error.errno == .noSuchDevice else { throw error }
      return nil
    }
  }

  package func write(
    _ descriptor: Descriptor, from memory: UnsafeRawBufferPointer, at position: Int
  ) throws(SystemError) {
    var count = 0
    while count < memory.count {
      // SAFETY: the rest of the caller's memory.
      let done = try SystemCall.write.perform {
        unsafe varve_write(
          descriptor.rawValue, memory.baseAddress.unsafelyUnwrapped + count, memory.count - count,
          Int64(position + count))
      }
      // Not known of any file system, and a loop without an end if one did it.
      if done == 0 { throw SystemError(.write, .inputOutput) }
      count += Int(done)
    }
  }

  package func allocate(_ descriptor: Descriptor, _ range: Range<Int>) throws(SystemError) {
    guard !range.isEmpty else { return }
    _ = try SystemCall.allocate.perform {
      varve_allocate(descriptor.rawValue, Int64(range.lowerBound), Int64(range.count))
    }
  }

  package func truncate(_ descriptor: Descriptor, to byteCount: Int) throws(SystemError) {
    _ = try SystemCall.truncate.perform { varve_truncate(descriptor.rawValue, Int64(byteCount)) }
  }

  package func syncData(_ descriptor: Descriptor) throws(SystemError) {
    _ = try SystemCall.syncData.perform { varve_sync_data(descriptor.rawValue) }
  }

  package func syncAll(_ descriptor: Descriptor) throws(SystemError) {
    _ = try SystemCall.syncAll.perform { varve_sync_all(descriptor.rawValue) }
  }

  package func setModified(
    _ descriptor: Descriptor, to nanoseconds: Int64
  ) throws(SystemError) {
    var (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    // Before 1970 too, the nanoseconds count forward.
    if rest < 0 { (seconds, rest) = (seconds - 1, rest + 1_000_000_000) }
    _ = try SystemCall.setModified.perform {
      varve_set_modified(descriptor.rawValue, seconds, rest)
    }
  }
}

// MARK: Memory

extension PosixFileSystem {
  package func map(_ descriptor: Descriptor, byteCount: Int) throws(SystemError) -> Mapping {
    var memory: UnsafeMutableRawPointer?
    _ = try SystemCall.map.perform {
      unsafe varve_map_shared(descriptor.rawValue, byteCount, &memory)
    }
    return unsafe Mapping(
      UnsafeMutableRawBufferPointer(start: memory, count: byteCount), of: self)
  }

  package func unmap(_ memory: UnsafeMutableRawBufferPointer) {
    _ = unsafe varve_unmap(memory.baseAddress, memory.count)
  }

  package func populate(_ mapping: Mapping, _ range: Range<Int>) throws(SystemError) {
    guard !range.isEmpty else { return }
    let start = range.lowerBound / MemoryPage.byteCount * MemoryPage.byteCount
    _ = try SystemCall.populate.perform {
      unsafe varve_populate(mapping.base + start, range.upperBound - start)
    }
  }
}
