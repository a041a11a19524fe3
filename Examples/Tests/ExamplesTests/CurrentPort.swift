import Synchronization

/// Where the server listens that runs by now.
final class CurrentPort: Sendable {
  private let number: Mutex<UInt16>

  init(_ port: UInt16) { number = Mutex(port) }

  var port: UInt16 { number.withLock { $0 } }

  func set(_ port: UInt16) { number.withLock { $0 = port } }
}
