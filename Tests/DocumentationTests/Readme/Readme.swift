import Varve

// What the first page shows.

func showLog(
  key: [UInt8], value: [UInt8], payload: [UInt8], at now: Timestamp, _ midnight: Timestamp,
  to socket: Int32
) async throws {
  let log = try await Log.open(at: "orders")

  // Published: every reader sees it, and a killed process does not lose it. Any thread, any task.
  let receipt = try log.append(Record(key: "user-7", value: "paid"))
  try log.append(key: key.span.bytes, value: value.span.bytes)  // no allocation, no retain
  try log.append(reserving: 4096) { batch in  // built where it will lie
    try batch.append(key: nil, value: payload.span.bytes, timestamp: now)
  }

  // Durable: on the device, and found again by recovery. The task is suspended meanwhile.
  try await log.append(Record(key: "user-7", value: "booked"), durability: .durable)
  try await log.flush()  // all that was appended so far

  // Read.
  let record = try await log.record(at: receipt.offset)
  let first = try await log.firstOffset(at: midnight)
  for try await batch in log.tail(from: .earliest) {
    for record in try batch.records() { print(record.offset) }
  }

  // Send: the kernel moves the pages from the file to the socket.
  let reader = ZeroCopyReader(log)
  if let slice = try await reader.slice(from: 42, maximumByteCount: 1 << 20) {
    try await reader.send(slice, to: socket)
  }
  try await log.close()
  _ = (record, first)
}

func showStore(_ partition: TopicPartition) async throws {
  let store = try await LogStore.open(at: "data")
  let orders = try await store.log(for: partition)  // made, if it is not there
  let positions = try await Positions.open(in: store)  // how far each group of readers has come
  try await store.close()  // checkpoints, and Kafka's mark of a clean stop
  _ = (orders, positions)
}

func showFormat(key: [UInt8], value: [UInt8], received bytes: RawSpan) throws {
  // Build a batch.
  var builder = try RecordBatchBuilder()
  try builder.append(Record(key: "user-7", value: "paid"))
  try builder.append(key: key.span.bytes, value: value.span.bytes)  // no allocation, no retain
  guard let batch = builder.finish() else { return }

  // Read it: borrowed, without a copy or a retain …
  try batch.view.records.forEach { record in
    print(record.offset, record.value?.byteCount ?? 0)
  }
  // … or as a plain sequence, whose records keep the batch alive.
  for record in try batch.records() {
    print(record.offset, record.isTombstone)
  }

  // Trust nothing that came from outside: each refusal names the rule, the byte and the record.
  do throws(LogError) {
    let received = try RecordBatch(validating: bytes, as: .producer)
    print(received.header.recordCount)
  } catch {
    print(error)  // corrupt: a batch has 61 bytes … [rule batchIsComplete at byte 0]
  }
}

func showCompression(of builder: consuming RecordBatchBuilder) throws {
  // One for many batches: it keeps the codec's context.
  var compressor = try Compressor(.zstd)
  let compressed = try builder.finish(compressedBy: &compressor)
  _ = compressed
}
