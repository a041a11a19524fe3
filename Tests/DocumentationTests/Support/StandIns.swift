// As much of ServiceLifecycle as the articles need, in its words: the package is the host's to choose.

protocol Service: Sendable {
  func run() async throws
}

/// That of a host that ends at once.
func gracefulShutdown() async throws {}
