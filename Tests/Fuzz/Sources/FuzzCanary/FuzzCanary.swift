import FuzzSupport

/// A program that is wrong on purpose. Where the fuzzer does not catch it, the fuzzer is blind.
///
/// The environment's `CANARY` names the fault; without one there is none. The fault shows only in
/// inputs that begin with two bytes which the fuzzer must find.
@main struct FuzzCanary: FuzzTarget {
  private static let fault = Fault.inEnvironment

  static func test(_ input: inout FuzzInput) {
    guard input.integer(UInt8.self) == 0xc1, input.integer(UInt8.self) == 0x0f else { return }
    fault?.commit(input.remainingCount)
  }
}
