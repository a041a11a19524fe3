/// A descriptor of the host's that bytes are sent to: a socket, a pipe or a file.
///
/// Varve neither opens nor closes it, and leaves its flags as they are. The host keeps it open for
/// as long as something is being sent: its number may be another's right after it was closed.
package struct HostDescriptor: RawRepresentable, Hashable, Sendable {
  package let rawValue: Int32
  @inlinable
  package init(rawValue: Int32) { self.rawValue = rawValue }
}
