import Testing
import VarveSystem

@testable import Varve

/// Cuts while others append, read, hold and wait.
@Suite struct TruncationRaceTests {
  private static let cutCount = 60

  @Test(arguments: Place.all)
  func everyoneGoesOn(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try await Log.open(
        at: directory, configuration: place.configuration(segmentByteCount: 8192),
        environment: .unsynced)
      try append(log, 50)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await cut(log) }
        group.addTask { try await appendDurably(log) }
        for _ in 0..<2 { group.addTask { try await follow(log) } }
        group.addTask { try await fetch(log) }
        try await group.next()
        try await log.close()
        try await group.waitForAll()
      }
      try await expectWhole(directory, log)
    }
  }

  /// Each record says where it is.
  private func append(_ log: Log, _ count: Int) throws {
    for _ in 0..<count {
      try log.append(Record(value: [UInt8](repeating: 7, count: 300)))
    }
  }

  /// Until it has cut as often as it is to; the others go on until the log is closed.
  private func cut(_ log: Log) async throws {
    var random = SplitMix(seed: 1)
    for number in 0..<Self.cutCount {
      let back = Int64(random.next() % 40)
      let offset = Offset(rawValue: max(0, log.end.rawValue - back))
      if number % 20 == 19 {
        try await log.truncateFully(startingAt: offset)
      } else {
        let end = try await log.truncate(to: offset)
        #expect(end <= offset || log.start == offset)
      }
      try append(log, 10)
    }
  }

  private func appendDurably(_ log: Log) async throws {
    while !log.isClosed {
      do {
        let record = Record(value: [UInt8](repeating: 8, count: 300))
        let receipt = try await log.append(record, durability: .durable)
        #expect(receipt.durability == .durable)
      } catch {
        #expect([.retry, .trimmed, .closed, .invalidArgument].contains(error.code), "\(error)")
      }
    }
  }

  private func follow(_ log: Log) async throws {
    while !log.isClosed {
      do throws(LogError) {
        var next: Offset?
        for try await batch in log.tail(from: .latest) {
          if let next { #expect(batch.header.baseOffset == next) }
          next = batch.header.nextOffset
        }
      } catch {
        let codes: [LogError.Code] = [.retry, .trimmed, .closed, .invalidArgument]
        #expect(codes.contains(error.code), "\(error)")
      }
    }
  }

  private func fetch(_ log: Log) async throws {
    let reader = ZeroCopyReader(log)
    while !log.isClosed {
      do throws(LogError) {
        guard let slice = try await reader.slice(from: .last(20)) else { continue }
        let bytes = try await slice.bytes()
        var chain = BatchChain(from: slice.offsets.lowerBound, continuity: .contiguous)
        var position = 0
        while position < bytes.count {
          let header = try BatchHeader(parsing: bytes.span.bytes, at: position)
          try chain.append(header)
          position += header.byteCount
        }
        #expect(try await slice.bytes() == bytes)
      } catch {
        let codes: [LogError.Code] = [.retry, .trimmed, .closed, .invalidArgument]
        #expect(codes.contains(error.code), "\(error)")
      }
    }
  }

  private func expectWhole(_ directory: String, _ log: Log) async throws {
    let again = try await Log.open(
      at: directory, configuration: log.configuration, environment: .unsynced)
    #expect(again.recovery == nil)
    #expect(again.start..<again.end == log.start..<log.end)
    try again.expectContiguous()
    try await again.close()
  }
}

extension Log {
  fileprivate func expectContiguous() throws {
    let headers = try headers()
    #expect(headers.first?.baseOffset ?? start == start)
    for (header, next) in zip(headers, headers.dropFirst()) {
      #expect(header.nextOffset == next.baseOffset)
    }
    #expect(headers.last?.nextOffset ?? end == end)
  }
}
