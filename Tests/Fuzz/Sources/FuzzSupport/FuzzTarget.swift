private import CFuzzDriver

/// A program that libFuzzer feeds: `@main struct FuzzThis: FuzzTarget`.
public protocol FuzzTarget {
  /// Tries one input. Whatever ends the process is a finding, and so is a failed ``check(_:_:)``.
  static func test(_ input: inout FuzzInput)

  /// How much memory one input may hold at a time, beside ``AllocationLimit/perInputByte`` for each
  /// byte of its own. The harness's own copies, and what it compares them with, count too.
  static var heldByteCount: Int { get }
}

/// How much memory one input may hold at a time: so many bytes, if its target does not say otherwise,
/// and so many for each of its own.
public enum AllocationLimit {
  static let base = 1 << 20
  static let perInputByte = 64
}

extension FuzzTarget {
  /// What is enough to look at bytes.
  public static var heldByteCount: Int { AllocationLimit.base }

  /// Runs libFuzzer, which reads the command line.
  public static func main() {
    Running.target = self
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    let status = withUnsafeMutablePointer(to: &arguments) { pointer in
      pointer.withMemoryRebound(
        to: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?.self, capacity: 1
      ) { LLVMFuzzerRunDriver(&count, $0, tryOne) }
    }
    check(status == 0, "libFuzzer ended with \(status)")
  }
}

private enum Running {
  // SAFETY: written once, before libFuzzer's loop begins, and only read in it.
  nonisolated(unsafe) static var target: (any FuzzTarget.Type)?
}

/// libFuzzer takes a C function, and those capture nothing: hence the target in a variable.
private func tryOne(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  var input = FuzzInput(UnsafeRawBufferPointer(start: bytes, count: count))
  guard let target = Running.target else { return 0 }
  fuzz_guard_begin(target.heldByteCount + AllocationLimit.perInputByte * count)
  target.test(&input)
  fuzz_guard_end()
  return 0
}
