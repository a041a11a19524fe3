import Varve

// What the article "Cleaner policies" shows, but for the policy that AtNightTests has.

func retention() -> LogConfiguration {
  var configuration = LogConfiguration()
  configuration.cleaner = .combined(
    .delete(olderThan: .seconds(7 * 86_400), beyondBytes: 100 << 30),
    .delete(whenFreeBelow: 10 << 30))
  return configuration
}
