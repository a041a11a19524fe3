import Foundation

/// A store under load for as long as is asked for: `soak seconds=1800 seed=1 directory=…`.
///
/// It starts itself again as a child that has the load, ends it again and again, by a kill or by a word, and
/// looks at what is left each time.
@main enum Soak {
  static func main() async {
    do {
      let settings = try SoakSettings(CommandLine.arguments.dropFirst())
      if settings.isChild { try await Load(settings).run() } else { try Soaking(settings).run() }
    } catch {
      FileHandle.standardError.write(Data("soak: \(error)\n".utf8))
      exit(1)
    }
  }
}

/// What is found that must not be.
struct Discrepancy: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// `name=value`, one an argument.
struct SoakSettings: Sendable {
  var seconds = 30.0
  var seed: UInt64 = 1
  var directory: String
  var isChild = false

  init(_ arguments: some Sequence<String>) throws(Discrepancy) {
    directory = FileManager.default.currentDirectoryPath + "/.build/soak-store"
    for argument in arguments {
      let pair = argument.split(separator: "=", maxSplits: 1).map(String.init)
      switch (pair.first, pair.last) {
      case ("seconds", let value?): seconds = try Self.number(value)
      case ("seed", let value?): seed = try Self.number(value)
      case ("directory", let value?): directory = value
      case ("child", _): isChild = true
      default: throw Discrepancy("\(argument) is not seconds=…, seed=… or directory=…")
      }
    }
  }

  private static func number<Number: LosslessStringConvertible>(
    _ text: String
  ) throws(Discrepancy) -> Number {
    guard let number = Number(text) else { throw Discrepancy("\(text) is no number") }
    return number
  }

  /// What a child is told.
  func child(seed: UInt64) -> [String] { ["child=1", "seed=\(seed)", "directory=\(directory)"] }
}
