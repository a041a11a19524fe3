/// What a store said when it failed.
package struct StoreError: Error, CustomStringConvertible {
  package let description: String

  init(_ store: StoreKind, _ message: String) { description = "\(store.rawValue): \(message)" }
}

extension StoreError {
  /// Throws what a library has left in such a pointer, of which it is given back by `free`.
  static func check(
    _ store: StoreKind, _ message: UnsafeMutablePointer<CChar>?,
    free: (UnsafeMutablePointer<CChar>) -> Void
  ) throws {
    guard let message else { return }
    defer { free(message) }
    throw StoreError(store, String(cString: message))
  }
}
