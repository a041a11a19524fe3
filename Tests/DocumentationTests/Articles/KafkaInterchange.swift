import Varve

// What the article "Kafka interchange" shows.

func takeOver(_ directory: String) async throws -> LogStore {
  let store = try await LogStore.open(at: directory)
  for (partition, error) in store.failures { print(partition, error) }
  return store
}
