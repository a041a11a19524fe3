internal import Varve

/// The `varve` command: words in, an exit code out.
public struct Tool: Sendable {
  static let commands: [any Command.Type] = [
    List.self, Stat.self, Dump.self, TailRecords.self, AppendLines.self, Verify.self, Clean.self,
    Seal.self, Export.self, Copy.self, Complete.self, Version.self,
  ]

  static var syntaxes: [Syntax] { commands.map { $0.syntax } }

  private let words: [String]

  /// - Parameter words: What stands behind the name of the command.
  public init(_ words: [String]) { self.words = words }

  /// Does what the words say.
  public func run(in shell: Shell) async -> ExitCode {
    defer {
      shell.out.flush()
      shell.errors.flush()
    }
    do throws(CommandError) {
      return try await perform(shell)
    } catch {
      shell.out.flush()
      // Whoever read the output has seen enough.
      guard !shell.out.isBroken else { return .success }
      let style = Style(isColoured: shell.showsProgress)
      shell.errors.write("\(style.bad("varve:")) \(error.message)\n")
      if let hint = error.hint { shell.errors.write("  \(hint)\n") }
      return error.exit
    }
  }

  private func perform(_ shell: Shell) async throws(CommandError) -> ExitCode {
    guard let name = words.first else {
      shell.errors.write(Help.overview(Self.syntaxes, Style(isColoured: shell.showsProgress)))
      return .usage
    }
    if ["help", "--help", "-h"].contains(name) { return try help(words.dropFirst().first, shell) }
    if name == "--version" { return try await Version(Arguments()).run(in: shell) }
    let command = try Self.command(name)
    let arguments = try Arguments(Array(words.dropFirst()), for: command.syntax)
    guard !arguments.has(Syntax.help.name) else { return try help(name, shell) }
    return try await command.init(arguments).run(in: shell)
  }

  private static func command(_ name: String) throws(CommandError) -> any Command.Type {
    if let command = commands.first(where: { $0.syntax.name == name }) { return command }
    let nearest = Nearest.to(name, among: syntaxes.map(\.name))
    throw CommandError(
      message: "there is no command '\(name)'"
        + (nearest.map { "; is it '\($0)' that you mean?" } ?? ""),
      hint: "'varve help' lists all commands.", exit: .usage)
  }

  private func help(_ name: String?, _ shell: Shell) throws(CommandError) -> ExitCode {
    guard let name else {
      shell.out.write(Help.overview(Self.syntaxes, shell.style))
      return .success
    }
    shell.out.write(Help.text(try Self.command(name).syntax, shell.style))
    return .success
  }
}
