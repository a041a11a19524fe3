import Foundation
import Varve

/// Reads a partition's files where Kafka left them.
struct PartitionReading {
  let directory: String

  func show() throws {
    let name = URL(filePath: directory).lastPathComponent
    print("1. A partition that a real Kafka wrote: \(name)\n")
    let files = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
    for file in files {
      guard let name = SegmentFileName(parsing: file) else { continue }
      let bytes = Array(try Data(contentsOf: URL(filePath: directory).appending(path: file)))
      switch name.kind {
      case .log: try showBatches(bytes, in: file)
      case .offsetIndex:
        showIndex(OffsetIndexView(bytes.span.bytes, baseOffset: name.offset), of: file)
      case .timeIndex:
        showIndex(TimeIndexView(bytes.span.bytes, baseOffset: name.offset), of: file)
      default: print("   \(file): \(bytes.count) bytes")
      }
    }
    print()
  }

  private func showBatches(_ bytes: [UInt8], in file: String) throws {
    print("   \(file): \(bytes.count) bytes")
    var walk = BatchWalk(bytes.span.bytes)
    var chain = BatchChain(from: 0, continuity: .gapsAllowed)
    while var batch = try walk.next() {
      try batch.validate(as: .log)
      try chain.append(batch.header)
      show(batch.header, at: walk.batchPosition)
      if batch.header.codec.isBuiltIn { try showRecords(batch.records) }
    }
    print("     every checksum is right; the next offset is \(chain.nextOffset)\n")
  }

  private func show(_ header: BatchHeader, at position: Int) {
    var facts = ["\(header.recordCount) records", "epoch \(header.leaderEpoch)"]
    if header.codec != .none { facts.append("\(header.codec)") }
    if let producer = header.producer { facts.append("producer \(producer)") }
    if header.isTransactional { facts.append("transactional") }
    let offsets = "\(header.baseOffset)…\(header.lastOffset)"
    print("     at \(position): offsets \(offsets), \(facts.joined(separator: ", "))")
  }

  /// The first record stands for the others.
  private func showRecords(_ records: borrowing RecordsView) throws {
    var iterator = records.makeIterator()
    guard let record = iterator.next() else { return }
    if let marker = try? EndTransactionMarker(record) {
      print("       marker: \(marker.outcome)")
    } else {
      print("       \(record.offset): \(text(record.key)) = \(text(record.value))")
    }
  }

  private func showIndex<Entry>(_ index: borrowing IndexView<Entry>, of file: String) {
    print("   \(file): \(index.soundCount) of \(index.count) entries are sound")
  }
}

func text(_ bytes: RawSpan?) -> String {
  guard let bytes else { return "null" }
  let text = String(decoding: bytes)
  return text.count > 40 ? "\"\(text.prefix(40))…\"" : "\"\(text)\""
}
