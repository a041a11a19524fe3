import VarveSystem

extension FileSystem {
  func write(_ bytes: [UInt8], to descriptor: Descriptor, at position: Int) throws {
    let failure = bytes.withUnsafeBytes { memory -> SystemError? in
      do throws(SystemError) {
        try write(descriptor, from: memory, at: position)
        return nil
      } catch { return error }
    }
    if let failure { throw failure }
  }

  /// Up to `count` bytes: as many as there are.
  func read(_ descriptor: Descriptor, _ count: Int, at position: Int = 0) throws -> [UInt8] {
    var failure: SystemError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { memory, filled in
      do throws(SystemError) {
        filled = try read(descriptor, into: UnsafeMutableRawBufferPointer(memory), at: position)
      } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }

  func contents(of path: String) throws -> [UInt8] {
    let descriptor = try open(path, .reading)
    defer { close(descriptor) }
    return try read(descriptor, try status(of: descriptor).byteCount)
  }

  /// A new file, synced or not, without a sync of its directory.
  func makeFile(_ path: String, _ bytes: [UInt8] = [], synced: Bool = false) throws {
    let descriptor = try open(path, .creating)
    defer { close(descriptor) }
    try write(bytes, to: descriptor, at: 0)
    if synced { try syncAll(descriptor) }
  }

  func exists(_ path: String) -> Bool { (try? status(at: path)) != nil }
}

extension Mapping {
  func store(_ bytes: [UInt8], at position: Int) {
    bytes.withUnsafeBytes {
      (base + position).copyMemory(from: $0.baseAddress!, byteCount: $0.count)
    }
  }

  func load(_ range: Range<Int>) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
  }
}

/// The error that `body` throws, if it is one of the system's.
func systemError(_ body: () throws -> Void) -> SystemError? {
  do { try body() } catch { return error as? SystemError }
  return nil
}

let page = 4096

/// Bytes that no page of zeros is mistaken for.
func filled(_ byte: UInt8, pages: Int) -> [UInt8] { .init(repeating: byte, count: pages * page) }
