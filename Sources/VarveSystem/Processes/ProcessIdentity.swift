/// A process, as it can be told from all others: numbers are given again, and each machine has its
/// own.
package struct ProcessIdentity: Hashable, Sendable {
  /// Its number.
  package var number: Int32
  /// When it began, in the kernel's ticks since it booted.
  package var startTicks: UInt64
  /// The name of the machine, or of the container, in which it has that number.
  package var hostName: String
  /// The run of the kernel in which it has it.
  package var bootID: BootID

  package init(number: Int32, startTicks: UInt64, hostName: String, bootID: BootID) {
    self.number = number
    self.startTicks = startTicks
    self.hostName = hostName
    self.bootID = bootID
  }
}
