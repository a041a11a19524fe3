internal import VarveSystem

// Slices so small that to copy them takes no longer than the calls without which they are sent.

extension ZeroCopyReader {
  /// Sends a small slice over the network, if its socket takes it now, and returns how many bytes of header and
  /// slice went out: 0 where it does not work so, and is to be sent in another way.
  func sendSmall(_ send: SliceSend, mayWaitForDevice: Bool) -> Int {
    guard TransferPlan.isSmall(transport, send) else { return 0 }
    let (slice, descriptor) = (send.slice, HostDescriptor(rawValue: send.descriptor))
    // SAFETY: the array's own memory, within the closure.
    let sent = unsafe send.header.withUnsafeBytes { header in
      unsafe descriptor.sendSmall(
        slice.byteCount, behind: header, from: slice.file.descriptor, at: slice.position,
        mayWaitForDevice: mayWaitForDevice)
    }
    if sent > 0 {
      counts.add(max(0, sent - send.header.count), by: .copy)
      send.progress?.note(sentByteCount: sent)
    }
    return sent
  }
}
