internal import VarveSystem

/// Where recovery keeps the bytes that it cuts off, for people to look at: the last ones, and not
/// more than ``LogLimits/cutByteCount``. Kafka does not know its name.
struct CutFile {
  let directory: String
  let fileSystem: any FileSystem

  private static let magic: UInt32 = 0x5661_4354  // VaCT
  private static let headerByteCount = 64

  /// Keeps bytes of a segment's file. Where that fails there is no such file, and the log is opened
  /// all the same.
  func keep(_ file: OpenFile, _ range: Range<Int>, of base: Offset) {
    let path = directory + "/" + LogFileNames.cutBytes
    do throws(SystemError) {
      let kept = range.prefix(LogLimits.cutByteCount)
      let copy = try OpenFile(path, .writingOrCreating, in: fileSystem)
      try copy.truncate(to: 0)
      let header = Self.header(base, kept)
      try copy.write(unsafe header.span.bytes, at: 0)
      try Self.copy(file, kept, to: copy, at: header.count)
    } catch {
      try? fileSystem.unlink(path)
    }
  }

  private static func header(_ base: Offset, _ range: Range<Int>) -> [UInt8] {
    var writer = FieldWriter()
    for number in [base.rawValue, Int64(range.lowerBound), Int64(range.count)] {
      writer.append(number)
    }
    return writer.sealed(magic, byteCount: headerByteCount)
  }

  private static func copy(
    _ file: OpenFile, _ range: Range<Int>, to copy: OpenFile, at start: Int
  ) throws(SystemError) {
    let buffer = ByteStorage(capacity: LogLimits.readByteCount)
    var position = range.lowerBound
    while position < range.upperBound {
      // SAFETY: within the buffer, which nobody else has.
      let memory = unsafe UnsafeMutableRawBufferPointer(
        start: buffer.base, count: min(buffer.capacity, range.upperBound - position))
      let count = try unsafe file.read(into: memory, at: position)
      guard count > 0 else { return }
      try unsafe copy.write(
        from: UnsafeRawBufferPointer(rebasing: memory[..<count]),
        at: start + position - range.lowerBound)
      position += count
    }
  }
}
