package import VarveSystem

/// A call that was made of a simulated file system.
package struct SimulatedOperation: Sendable {
  /// What was called.
  package let call: SystemCall
  /// The file, by the name under which it was opened.
  package let path: String
  /// The rest of what was asked for.
  package let detail: Detail
  /// Whether it could change what is on the disk, or what a power cut leaves there.
  package let isMutation: Bool

  /// As it is, for few of them are ever printed.
  package enum Detail: Sendable {
    case text(String)
    case bytes(at: Int, count: Int)
  }

  init(
    _ call: SystemCall, _ path: String, _ detail: Detail = .text(""), isMutation: Bool = true
  ) {
    self.call = call
    self.path = path
    self.detail = detail
    self.isMutation = isMutation
  }
}

extension SimulatedOperation: CustomStringConvertible {
  package var description: String {
    let text =
      switch detail {
      case .text(let text): text
      case .bytes(let position, let count): "\(position)+\(count)"
      }
    return [call.rawValue, path, text].filter { !$0.isEmpty }.joined(separator: " ")
  }
}
