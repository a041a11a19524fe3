internal import VarveCommand
internal import VarveSystem

/// The process of the `varve` command. What it does is in `VarveCommand`.
@main
struct Main {
  static func main() async {
    let tool = Tool(Array(CommandLine.arguments.dropFirst()))
    CommandProcess.exit(await tool.run(in: .system()).rawValue)
  }
}
