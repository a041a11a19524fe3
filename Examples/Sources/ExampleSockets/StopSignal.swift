import Foundation

/// SIGTERM and SIGINT, as a request to stop, for as long as this is there.
final class StopSignal {
  private let sources: [any DispatchSourceSignal]
  private let requests: AsyncStream<Void>

  init() {
    let (requests, continuation) = AsyncStream<Void>.makeStream()
    self.requests = requests
    sources = [SIGTERM, SIGINT].map { number in
      // What they do by default is to end the process.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { continuation.yield() }
      source.resume()
      return source
    }
  }

  deinit { for source in sources { source.cancel() } }

  func wait() async { for await _ in requests { return } }

  /// Asks this process to stop, as somebody else would.
  static func raise() { kill(getpid(), SIGTERM) }
}
