/// Memory of so many bytes, all of them different from their neighbours.
func filledBuffer(_ bytes: Int) -> UnsafeMutableRawBufferPointer {
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 64)
  for index in buffer.indices { buffer[index] = UInt8(truncatingIfNeeded: index &* 31) }
  return buffer
}

/// A size as benchmarks' names have it.
func sizeName(_ bytes: Int) -> String {
  switch bytes {
  case ..<1024: "\(bytes)B"
  case ..<(1 << 20): "\(bytes >> 10)KiB"
  default: "\(bytes >> 20)MiB"
  }
}
