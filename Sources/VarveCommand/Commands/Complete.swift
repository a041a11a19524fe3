/// `varve completions`
struct Complete: Command {
  static let syntax = Syntax(
    name: "completions", summary: "a script by which a shell completes what is typed",
    operands: [.init(name: "shell", help: "bash, zsh or fish")],
    about: "Prints the script; the first line of it says where it belongs.",
    examples: [.init(line: "source <(varve completions bash)", meaning: "for this shell")])

  private let shellName: Completions

  init(_ arguments: Arguments) throws(CommandError) {
    guard let name = Completions(rawValue: arguments.operands[0]) else {
      throw .usage("'\(arguments.operands[0])' is none of bash, zsh and fish", Self.syntax)
    }
    shellName = name
  }

  func run(in shell: Shell) async throws(CommandError) -> ExitCode {
    shell.out.write(shellName.script(Tool.syntaxes))
    return .success
  }
}
