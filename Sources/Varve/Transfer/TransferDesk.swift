internal import VarveSystem

/// Where sends are handed in, and who has which descriptor: to one go the bytes of one send at a time.
struct TransferDesk {
  /// Sends that the thread has not seen yet.
  var arrived: [Transfer] = []
  /// Those that other threads have given back.
  var returned: [Transfer] = []
  var wake: WakeEvent?
  var isStopped = false
  /// How many sends there are to a descriptor.
  private var counts: [HostDescriptor: Int] = [:]
  /// Descriptors that a caller sends to himself, and what waits for him to be done.
  private var claims: [HostDescriptor: [Transfer]] = [:]

  mutating func claim(_ descriptor: HostDescriptor) -> Bool {
    guard counts[descriptor] == nil, claims[descriptor] == nil else { return false }
    claims[descriptor] = []
    return true
  }

  /// Returns whether somebody waited.
  @discardableResult
  mutating func release(
    _ descriptor: HostDescriptor, before transfer: Transfer? = nil
  ) -> Bool {
    guard let waiting = claims.removeValue(forKey: descriptor) else { return false }
    if let transfer { admit(transfer) }
    for transfer in waiting { admit(transfer) }
    return !waiting.isEmpty
  }

  mutating func admit(_ transfer: Transfer) {
    guard claims[transfer.descriptor] == nil else {
      claims[transfer.descriptor]?.append(transfer)
      return
    }
    counts[transfer.descriptor, default: 0] += 1
    arrived.append(transfer)
  }

  mutating func dismiss(_ transfer: Transfer) {
    let count = counts[transfer.descriptor, default: 1] - 1
    counts[transfer.descriptor] = count == 0 ? nil : count
  }
}
