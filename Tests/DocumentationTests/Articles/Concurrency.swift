import Varve

// What the article "Concurrency" shows.

/// Takes what many tasks have to say. An actor does not wait here for anybody else's device.
actor Journal {
  private let log: Log
  private(set) var lineCount = 0

  init(_ log: Log) { self.log = log }

  func write(_ line: String) throws -> Offset {
    lineCount += 1
    return try log.append(Record(value: line)).offset
  }

  func writeDurably(_ line: String) async throws -> Offset {
    let offset = try write(line)
    // Others have their turn meanwhile, and one sync serves all who wait.
    try await log.waitUntilDurable(offset.advanced(by: 1))
    return offset
  }
}

/// Counts what a log holds: a function for a thread that may wait for the disk.
func countRecords(in log: Log) throws -> Int {
  var count = 0
  var scan = try log.scan(from: .earliest)
  while let batch = try scan.next() {
    try batch.records.forEach { _ in count += 1 }
  }
  return count
}

/// Up to where there is something to read, for those who begin with what there is and then end.
func readAll(of log: Log, _ body: (Record) throws -> Void) async throws {
  let (start, end) = (log.start, log.end)
  guard start < end else { return }
  for try await batch in log.tail(from: .earliest) {
    // A batch is read whole, and the first one may begin before the log's start.
    for record in try batch.records() where record.offset >= start {
      try body(Record(copying: record.view))
    }
    if batch.header.nextOffset >= end { return }
  }
}

/// Waits for news, but not for ever.
func news(of reader: ZeroCopyReader, behind last: LogSlice) async throws -> LogSlice? {
  try await reader.waitForSlice(after: last, within: .seconds(30))
}
