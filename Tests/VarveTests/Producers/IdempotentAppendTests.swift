import Testing

@testable import Varve

/// What an idempotent producer sends is appended once, in its order.
@Suite struct IdempotentAppendTests {
  @Test(arguments: Place.all)
  func whatIsSentAgainIsAnsweredWithWhereItLies(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try ManualWorld().open(directory, place.configuration(segmentByteCount: 4096))
      var producer = NumberedBatches(7)
      var sent: [(RecordBatch, AppendReceipt)] = []
      for number in 0..<20 {
        let batch = try producer.batch(1 + number % 3, byteCount: 300, at: Int64(number))
        let receipt = try log.append(batch)
        #expect(!receipt.isDuplicate)
        sent.append((batch, receipt))
        try log.append(Record(value: "of nobody"))
      }
      #expect(log.segments.count > 3)
      let end = log.end
      for (batch, original) in sent.suffix(5) {
        for receipt in [
          try log.append(batch), try log.append(producedBatch: batch.array.span.bytes),
        ] {
          #expect(receipt.isDuplicate)
          #expect(receipt.baseOffset == original.baseOffset)
          #expect(receipt.nextOffset == original.nextOffset)
          #expect(receipt.timestamp == original.timestamp)
        }
      }
      for (batch, _) in sent.dropLast(5) {
        let refused = error { try log.append(batch) }
        #expect(refused?.code == .outOfOrder && refused?.refusal == .sequenceTooOld)
      }
      #expect(log.end == end)
      let durable = try await log.append(sent[19].0, durability: .durable)
      #expect(durable.isDuplicate && durable.durability == .durable)
      #expect(log.durableEnd >= sent[19].1.nextOffset)
      try log.closeNow()
      #expect(error { try log.append(sent[19].0) }?.code == .closed)
    }
  }

  @Test(arguments: Place.all)
  func whatIsNotNextIsRefusedAndSaysWhy(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try ManualWorld().open(directory, place.configuration())
      var first = NumberedBatches(1)
      try log.append(try first.batch())
      let lost = try first.batch()
      let behind = try first.batch()
      let gap = error { try log.append(behind) }
      #expect(gap?.code == .outOfOrder && gap?.refusal == .sequenceGap)
      try log.append(lost)
      try log.append(behind)

      var later = NumberedBatches(1, epoch: 1)
      try log.append(try later.batch(isTransactional: true))
      let stale = try first.batch()
      let fenced = error { try log.append(stale) }
      #expect(fenced?.code == .fenced && fenced?.refusal == .producerFenced)
      let outside = try later.batch()
      #expect(error { try log.append(outside) }?.refusal == .transactionIsOpen)
      #expect(error { try log.commit(first.producer) }?.refusal == .producerFenced)
      try log.commit(later.producer, coordinator: 4)
      let coordinator = error { try log.abort(later.producer, coordinator: 3) }
      #expect(coordinator?.code == .fenced && coordinator?.refusal == .coordinatorFenced)
      try log.append(outside)
      #expect(log.end == 6)
      try log.closeNow()
    }
  }

  /// What the log wrote into a batch is what its duplicates are answered with.
  @Test(arguments: Place.all)
  func theLogsTimeIsRemembered(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      var configuration = place.configuration()
      configuration.timestampType = .appendTime
      let log = try world.open(directory, configuration)
      var producer = NumberedBatches(1)
      let batch = try producer.batch(at: 5)
      let original = try log.append(batch)
      #expect(original.timestamp == world.now)
      world.pass(milliseconds: 50)
      #expect(try log.append(batch).timestamp == original.timestamp)
      try log.closeNow()
    }
  }

  /// Who is silent for too long is forgotten, and then may begin anywhere.
  @Test(arguments: Place.all)
  func silentProducersAreForgotten(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      var configuration = place.configuration()
      configuration.producerExpiration = .seconds(3600)
      let log = try world.open(directory, configuration)
      var (first, second) = (NumberedBatches(1), NumberedBatches(2))
      try log.append(try first.batch(at: world.now.rawValue))
      try log.append(try second.batch(isTransactional: true, at: world.now.rawValue))
      world.pass(milliseconds: 3_000_000)
      #expect(log.producers.entries.map(\.producer.id) == [1, 2])
      world.pass(milliseconds: 3_000_000)
      #expect(log.producers.entries.map(\.producer.id) == [2])
      _ = try first.batch()
      try log.append(try first.batch())
      try log.closeNow()
    }
  }

  /// Whoever sends what is old, or has no times, is heard of now.
  @Test(arguments: Place.all)
  func producersOfOldRecordsAreNotSilent(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      var configuration = place.configuration()
      configuration.producerExpiration = .seconds(3600)
      let log = try world.open(directory, configuration)
      var producer = NumberedBatches(1)
      for time: Int64 in [-1, 5, 1000, -1] {
        let batch = try producer.batch(at: time)
        try log.append(batch)
        world.pass(milliseconds: 1_500_000)
        #expect(try log.append(batch).isDuplicate)
      }
      world.pass(milliseconds: 4_500_000)
      #expect(log.producers.entries.isEmpty)
      try log.closeNow()
    }
  }

  @Test(arguments: Place.all)
  func theNumberOfProducersIsLimited(_ place: Place) async throws {
    try await place.withDirectory { directory in
      var configuration = place.configuration()
      configuration.maximumProducerCount = 3
      let log = try ManualWorld().open(directory, configuration)
      for id in 0..<10 as Range<Int64> {
        var producer = NumberedBatches(id)
        try log.append(try producer.batch(at: id))
      }
      #expect(log.producers.entries.map(\.producer.id) == [7, 8, 9])
      for id in 7..<10 as Range<Int64> {
        var producer = NumberedBatches(id, from: 1)
        try log.append(try producer.batch(isTransactional: true))
      }
      var other = NumberedBatches(11)
      let batch = try other.batch()
      let refused = error { try log.append(batch) }
      #expect(refused?.code == .full && refused?.refusal == .tooManyProducers)
      try log.append(Record(value: "of nobody"))
      try log.closeNow()
    }
  }
}
