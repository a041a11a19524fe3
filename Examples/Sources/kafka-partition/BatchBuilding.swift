import Varve

/// Builds a batch, reads it again, and damages it.
struct BatchBuilding {
  func show() throws {
    print("2. A batch of our own\n")
    let batch = try build()
    print("   \(batch.byteCount) bytes, CRC-32C \(String(batch.header.checksum, radix: 16)):")
    show(batch.bytes)

    for record in try batch.records() {
      print("   \(record.offset): \(text(record.key)) = \(text(record.value))")
    }

    print("\n3. The same batch with one bit flipped, byte by byte\n")
    try damage(batch)
    print("\n4. io_uring on this machine: \(RingSupport.probe())")
  }

  private func build() throws -> RecordBatch {
    var builder = try RecordBatchBuilder()
    for (index, city) in ["Uppsala", "Gävle", "Luleå"].enumerated() {
      try builder.append(
        Record(
          key: "order-\(index)", value: "to \(city)",
          headers: [RecordHeader(key: "source", value: "demo")],
          timestamp: Timestamp(milliseconds: 1_700_000_000_000 + Int64(index))))
    }
    return builder.finish()!
  }

  private func show(_ bytes: RawSpan) {
    let bytes = Array(bytes)
    for start in stride(from: 0, to: bytes.count, by: 32) {
      let row = bytes[start..<min(start + 32, bytes.count)].map { byte in
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
      print("     " + row.joined(separator: " "))
    }
    print()
  }

  private func damage(_ batch: RecordBatch) throws {
    var counts: [String: Int] = [:]
    let bytes = Array(batch.bytes)
    for position in bytes.indices {
      var damaged = bytes
      damaged[position] ^= 0x10
      counts[outcome(of: damaged), default: 0] += 1
    }
    for (outcome, count) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      print("   \(count) × \(outcome)")
    }
  }

  private func outcome(of bytes: [UInt8]) -> String {
    do throws(LogError) {
      let survivor = try RecordBatch(validating: bytes, as: .log)
      // Both lie outside the checksum, so that a log can stamp them.
      let field = survivor.header.baseOffset == 0 ? "leader epoch" : "base offset"
      return "another \(field): only the batch's neighbours know better"
    } catch {
      return "refused: \(error.breach?.rule.explanation ?? error.message)"
    }
  }
}
