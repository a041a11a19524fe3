import Foundation

/// What happens to a log, told where `FUZZ_STORY` is set: for whoever looks into one input.
enum Story {
  private static let isTold = ProcessInfo.processInfo.environment["FUZZ_STORY"] != nil

  static func tell(_ text: @autoclosure () -> String) {
    if isTold { FileHandle.standardError.write(Data((text() + "\n").utf8)) }
  }
}
