import Foundation

/// What went wrong, for a person to read.
public struct ExampleError: Error, CustomStringConvertible {
  /// What it was.
  public let description: String

  /// Says what it was.
  public init(_ description: String) { self.description = description }

  /// A system call that has just failed.
  static func systemCall(_ name: String) -> ExampleError {
    ExampleError("\(name): \(String(cString: strerror(errno)))")
  }
}

/// Writes a line at once: whoever reads a pipe waits for it.
public func say(_ line: String) {
  FileHandle.standardOutput.write(Data((line + "\n").utf8))
}
