import FuzzSupport
import Glibc

/// Ways to go wrong, each of which another part of the machinery must notice.
enum Fault: String, CaseIterable {
  case overflow, precondition, bounds, span, check, overrun, allocation, leak, hang

  static var inEnvironment: Fault? {
    guard let name = getenv("CANARY") else { return nil }
    guard let fault = Fault(rawValue: String(cString: name)) else {
      fail("no canary sings \(String(cString: name)): \(allCases.map(\.rawValue))")
    }
    return fault
  }

  /// Goes wrong. `zero` is below 4096, which the compiler does not know.
  @inline(never)
  func commit(_ zero: Int) {
    switch self {
    case .overflow: Kept.number = Int.max - 4096 + zero + 4097
    case .precondition: Swift.precondition(zero > 4096)
    case .bounds: Kept.number = [1, 2, 3][zero + 3]
    case .span:
      Kept.number = ExactBytes([1, 2, 3]).span.unsafeLoadUnaligned(
        fromByteOffset: zero + 3, as: Int.self)
    case .check: fail("the canary sings")
    case .overrun: overrun()
    case .allocation: free(Kept.keep(malloc(2 << 20)))
    case .leak: Kept.keep(malloc(64))?.storeBytes(of: 1, as: UInt8.self)
    case .hang: while zero < 4096 { usleep(1000) }
    }
  }

  private func overrun() {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 7, alignment: 1)
    Kept.number = Int(memory.load(fromByteOffset: 7, as: UInt8.self))
    memory.deallocate()
  }
}

/// What the optimizer must not take for unused.
enum Kept {
  // SAFETY: libFuzzer runs one input at a time, on one thread.
  nonisolated(unsafe) static var number = 0

  @inline(never) @_optimize(none)
  static func keep(_ memory: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? { memory }
}
