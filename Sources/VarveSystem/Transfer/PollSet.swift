internal import CVarveSystem

/// Descriptors that are waited for together, in the order in which they were added.
package struct PollSet {
  private var entries: [varve_poll] = []

  package init() {}

  package mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

  /// Waits, among others, until a descriptor takes bytes or is broken.
  package mutating func add(writable descriptor: HostDescriptor) {
    entries.append(
      varve_poll(
        descriptor: descriptor.rawValue, wanted: Int16(VARVE_POLL_WRITABLE), found: 0))
  }

  /// Waits, among others, for an event.
  package mutating func add(_ event: WakeEvent) { add(readable: event.descriptor) }

  /// Waits, among others, until something can be read.
  package mutating func add(readable descriptor: Descriptor) {
    entries.append(
      varve_poll(
        descriptor: descriptor.rawValue, wanted: Int16(VARVE_POLL_READABLE), found: 0))
  }

  /// What is found of a descriptor that is to take bytes, right now.
  package static func finding(
    writable descriptor: HostDescriptor
  ) throws(SystemError) -> PollFinding {
    var entry = varve_poll(
      descriptor: descriptor.rawValue, wanted: Int16(VARVE_POLL_WRITABLE), found: 0)
    // SAFETY: one entry, within the call.
    _ = try SystemCall.poll.perform { unsafe varve_poll(&entry, 1, 0) }
    return PollFinding(bits: entry.found)
  }

  /// Waits until one of them is ready, or the time has come (nil: never), or a signal interrupts.
  package mutating func wait(milliseconds: Int32?) throws(SystemError) {
    let limit = milliseconds.map { max($0, 0) } ?? -1
    do throws(SystemError) {
      _ = try SystemCall.poll.perform {
        // SAFETY: the array's own memory, within the call.
        unsafe entries.withUnsafeMutableBufferPointer { entries in
          unsafe varve_poll(entries.baseAddress, entries.count, limit)
        }
      }
    } catch {
      guard error.errno == .interrupted else { throw error }
      for index in entries.indices { entries[index].found = 0 }
    }
  }

  /// Waits for nothing, as long as that.
  package static func pause(milliseconds: Int32) throws(SystemError) {
    var none = PollSet()
    try none.wait(milliseconds: milliseconds)
  }

  /// Whether the one that was added so many after the first is ready, or broken.
  package func isReady(_ index: Int) -> Bool { entries[index].found != 0 }

  /// What was found of the one that was added so many after the first.
  package func finding(_ index: Int) -> PollFinding { PollFinding(bits: entries[index].found) }
}
