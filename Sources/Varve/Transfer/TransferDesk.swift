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
  /// As many as there are threads that send themselves, at the most: too few to look them up by hashes.
  private var claims: [Claim] = []

  /// A descriptor that a caller sends to himself, and what waits for him to be done.
  private struct Claim {
    let descriptor: HostDescriptor
    var waiting: [Transfer] = []
  }

  private func claimIndex(_ descriptor: HostDescriptor) -> Int? {
    claims.firstIndex { $0.descriptor == descriptor }
  }

  mutating func claim(_ descriptor: HostDescriptor) -> Bool {
    guard claimIndex(descriptor) == nil, counts.isEmpty || counts[descriptor] == nil else {
      return false
    }
    claims.append(Claim(descriptor: descriptor))
    return true
  }

  /// Returns whether somebody waited.
  @discardableResult
  mutating func release(
    _ descriptor: HostDescriptor, before transfer: Transfer? = nil
  ) -> Bool {
    guard let index = claimIndex(descriptor) else { return false }
    let claim = claims.remove(at: index)
    if let transfer { admit(transfer) }
    for transfer in claim.waiting { admit(transfer) }
    return !claim.waiting.isEmpty
  }

  mutating func admit(_ transfer: Transfer) {
    if let index = claimIndex(transfer.descriptor) {
      claims[index].waiting.append(transfer)
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
