import Varve

// What the article "File format" shows.

/// What is in a segment's file, or in what came over a socket: whole batches, one behind the other.
func describe(_ segment: [UInt8]) throws(LogError) -> [String] {
  var lines: [String] = []
  var walk = BatchWalk(segment.span.bytes)
  while var batch = try walk.next() {
    try batch.validate(as: .log)
    let header = batch.header
    lines.append("offsets \(header.baseOffset) to \(header.lastOffset), \(header.byteCount) bytes")
  }
  return lines
}
