/// Ends the process with a message where a condition does not hold; libFuzzer keeps the input.
@inline(__always)
public func check(
  _ condition: Bool, _ message: @autoclosure () -> String,
  file: StaticString = #fileID, line: UInt = #line
) {
  guard condition else { fail(message(), file: file, line: line) }
}

/// Compares two values, and ends the process with both where they differ.
@inline(__always)
public func checkEqual<Value: Equatable>(
  _ left: Value, _ right: Value, _ message: @autoclosure () -> String,
  file: StaticString = #fileID, line: UInt = #line
) {
  guard left == right else {
    fail("\(message()): \(left) is not \(right)", file: file, line: line)
  }
}

/// Ends the process with a message.
///
/// `fatalError` prints its message in release builds too, `precondition` does not.
@inline(never)
public func fail(
  _ message: String, file: StaticString = #fileID, line: UInt = #line
) -> Never {
  fatalError(message, file: file, line: line)
}
