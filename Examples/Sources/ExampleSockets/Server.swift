import Foundation
import Synchronization

/// Accepts connections on the loopback until it is asked to stop.
public final class Server: Sendable {
  /// Where it listens.
  public let port: UInt16
  private let descriptor: Int32
  private let maximumConnectionCount: Int
  private let state = Mutex(State())

  private struct State {
    var connections: [ObjectIdentifier: Connection] = [:]
    var isStopping = false
    var failure: (any Error)?
  }

  /// How long those who are connected have to take what is still for them.
  private static let grace = Duration.seconds(5)
  /// After how long a peer that acknowledges nothing is given up, in milliseconds.
  private static let patience: Int32 = 30_000

  /// Listens on a port, or on any for 0.
  public init(port: UInt16, maximumConnectionCount: Int = 256) throws {
    descriptor = socket(AF_INET, Connection.kind, 0)
    guard descriptor >= 0 else { throw ExampleError.systemCall("socket") }
    self.maximumConnectionCount = maximumConnectionCount
    self.port = try Self.listen(descriptor, on: port)
  }

  deinit { close(descriptor) }

  private static func listen(_ descriptor: Int32, on port: UInt16) throws -> UInt16 {
    // What a server left that was killed a moment ago does not keep its port.
    set(SO_REUSEADDR, of: SOL_SOCKET, to: 1, on: descriptor)
    guard sockaddr_in.loopback(port: port).withPointer({ bind(descriptor, $0, $1) == 0 }),
      Glibc.listen(descriptor, 64) == 0
    else {
      defer { close(descriptor) }
      throw ExampleError.systemCall("listen on port \(port)")
    }
    var (address, count) = (sockaddr_in(), socklen_t(MemoryLayout<sockaddr_in>.size))
    withUnsafeMutablePointer(to: &address) { pointer in
      _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(descriptor, $0, &count)
      }
    }
    return UInt16(bigEndian: address.sin_port)
  }

  private static func set(_ option: Int32, of level: Int32, to value: Int32, on socket: Int32) {
    var value = value
    setsockopt(socket, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
  }
}

// MARK: Running

extension Server {
  /// Serves each connection in a task of its own, until SIGTERM, SIGINT or ``fail(_:)``.
  ///
  /// - Parameter drain: Called once nobody new comes and nothing more is read, while connections still
  ///   get what is for them.
  public func run(
    drain: () async throws -> Void = {},
    _ serve: @escaping @Sendable (Connection) async throws -> Void
  ) async throws {
    try StopSignal.catchAll()
    say("listening on 127.0.0.1:\(port)")
    let accepting = Task { await acceptAll(serve) }
    try await StopSignal.wait()
    stop()
    try await drain()
    await accepting.value
    if let failure = state.withLock({ $0.failure }) { throw failure }
    say("stopped")
  }

  /// Stops the server because of something after which it must not go on.
  public func fail(_ error: any Error) {
    state.withLock { $0.failure = $0.failure ?? error }
    StopSignal.raise()
  }

  private func acceptAll(
    _ serve: @escaping @Sendable (Connection) async throws -> Void
  ) async {
    await withDiscardingTaskGroup { tasks in
      while let connection = try? await onThread({ try self.accept() }) {
        guard add(connection) else { continue }
        tasks.addTask {
          do {
            try await serve(connection)
          } catch {
            say("a connection ended: \(error)")
          }
          self.remove(connection)
        }
      }
    }
  }

  private func accept() throws -> Connection {
    while true {
      let accepted = Glibc.accept(descriptor, nil, nil)
      if accepted >= 0 {
        Self.set(TCP_NODELAY, of: Int32(IPPROTO_TCP), to: 1, on: accepted)
        Self.set(TCP_USER_TIMEOUT, of: Int32(IPPROTO_TCP), to: Self.patience, on: accepted)
        return Connection(descriptor: accepted)
      }
      if state.withLock({ $0.isStopping }) { throw ExampleError("stopping") }
      // A connection that was given up is no matter; of descriptors there may be more in a moment.
      if errno != EINTR && errno != ECONNABORTED { usleep(50_000) }
    }
  }

  /// Takes a connection in, unless there are too many: then it is closed.
  private func add(_ connection: Connection) -> Bool {
    state.withLock { state in
      guard !state.isStopping, state.connections.count < maximumConnectionCount else {
        return false
      }
      state.connections[ObjectIdentifier(connection)] = connection
      return true
    }
  }

  private func remove(_ connection: Connection) {
    state.withLock { $0.connections[ObjectIdentifier(connection)] = nil }
  }

  private func stop() {
    state.withLock { state in
      state.isStopping = true
      for connection in state.connections.values { connection.finishReceiving() }
    }
    shutdown(descriptor, Int32(SHUT_RDWR))
    Task {
      try await Task.sleep(for: Self.grace)
      state.withLock { for connection in $0.connections.values { connection.cut() } }
    }
  }
}
