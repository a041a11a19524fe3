/// Something that the `varve` command can do.
protocol Command: Sendable {
  static var syntax: Syntax { get }
  init(_ arguments: Arguments) throws(CommandError)
  func run(in shell: Shell) async throws(CommandError) -> ExitCode
}
