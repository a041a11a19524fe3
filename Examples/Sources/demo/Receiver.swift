import Foundation
import Varve

/// The client: takes batches from a socket as they lie on the sender's disk, and looks at each one.
struct Receiver {
  let port: UInt16

  func run() throws {
    let connection = try Connection(to: port)
    defer { connection.close() }
    var chain = BatchChain(from: 0, continuity: .contiguous)
    var recordCount = 0
    var buffer = [UInt8](repeating: 0, count: 4 << 20)
    var rest = 0
    while true {
      let room = rest..<buffer.count
      let count = buffer.withUnsafeMutableBytes {
        connection.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[room]))
      }
      let filled = rest + count
      let walked = try look(at: buffer.span.bytes.extracting(0..<filled), &chain, &recordCount)
      buffer.withUnsafeMutableBytes { bytes in
        bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[walked..<filled]))
      }
      rest = filled - walked
      if count < room.count { break }
    }
    guard rest == 0 else { throw DemoError("\(rest) bytes are left over") }
    print("\(recordCount.formatted()) records up to \(chain.nextOffset), every checksum right")
  }

  /// Checks the whole batches, and returns how many bytes they take.
  private func look(
    at bytes: RawSpan, _ chain: inout BatchChain, _ recordCount: inout Int
  ) throws -> Int {
    var walk = BatchWalk(bytes)
    while var batch = try walk.next() {
      try batch.validate(as: .log)
      try chain.append(batch.header)
      recordCount += Int(batch.header.recordCount)
    }
    return walk.position
  }
}
