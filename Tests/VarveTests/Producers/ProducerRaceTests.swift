import Foundation
import Testing
import VarveSystem

@testable import Varve

/// Producers on threads of their own, who send again what they have sent, and readers of what counts.
@Suite struct ProducerRaceTests {
  private static let producerCount = 3
  private static let batchCount = 150

  /// Sends each batch in a transaction of its own, once or more, and ends every third for nothing.
  private static func produce(_ id: Int64, to log: Log) throws {
    var producer = NumberedBatches(id)
    var sent: [RecordBatch] = []
    for number in 0..<batchCount {
      let batch = try producer.batch(isTransactional: true, byteCount: number * 37 % 300)
      let receipt = try log.append(batch)
      sent.append(batch)
      for again in sent.suffix(1 + number % 5) {
        let answer = try log.append(again)
        guard answer.isDuplicate, answer.baseOffset <= receipt.baseOffset else {
          throw LogError(.corrupt, "\(id) was answered with \(answer)")
        }
      }
      if number % 3 == 0 {
        try log.abort(producer.producer)
      } else {
        try log.commit(producer.producer)
      }
    }
  }

  @Test(arguments: Place.all)
  func eachIsThereOnceAndReadersSeeWhatCounts(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try await Log.open(
        at: directory, configuration: place.configuration(segmentByteCount: 16 << 10),
        environment: .unsynced)
      let reading = Task {
        var keys: [String: [String]] = [:]
        for try await batch in log.tail(from: .earliest, isolation: .lastStable) {
          for record in try batch.records() {
            let key = String(decoding: Record(copying: record.view).key ?? [], as: UTF8.self)
            keys[String(key.prefix(1)), default: []].append(key)
          }
        }
        return keys
      }
      let slicing = Task {
        let reader = ZeroCopyReader(log)
        var next: Offset = 0
        while let slice = try await reader.waitForSlice(
          from: .offset(next), isolation: .lastStable)
        {
          guard slice.offsets.upperBound <= log.lastStableOffset else { return false }
          next = slice.offsets.upperBound
        }
        return true
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for id in 1...Int64(Self.producerCount) {
          group.addTask { try Self.produce(id, to: log) }
        }
        try await group.waitForAll()
      }
      #expect(log.lastStableOffset == log.end)
      #expect(log.end.rawValue == Int64(2 * Self.producerCount * Self.batchCount))
      try await log.close()
      #expect(try await slicing.value)
      let keys = try await reading.value
      let counting = (0..<Self.batchCount).filter { $0 % 3 != 0 }
      for id in 1...Self.producerCount {
        #expect(keys["\(id)"] == counting.map { "\(id)-\($0 + 1)" })
      }
    }
  }
}
