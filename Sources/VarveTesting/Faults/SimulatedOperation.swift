package import VarveSystem

/// A call that was made of a simulated file system.
package struct SimulatedOperation: Sendable {
  /// What was called.
  package let call: SystemCall
  /// The file, by the name under which it was opened.
  package let path: String
  /// The rest of what was asked for.
  package let detail: String
  /// Whether it could change what is on the disk, or what a power cut leaves there.
  package let isMutation: Bool

  init(_ call: SystemCall, _ path: String, _ detail: String = "", isMutation: Bool = true) {
    self.call = call
    self.path = path
    self.detail = detail
    self.isMutation = isMutation
  }
}
