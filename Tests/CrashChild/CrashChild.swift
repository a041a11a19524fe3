/// A process for tests to kill: it appends to a log, or follows one, and reports what it has done.
@main enum CrashChild {
  static func main() async {
    do {
      switch try Assignment(CommandLine.arguments.dropFirst()) {
      case .append(let appending): try Writer(appending).run()
      case .follow(let following): try await Follower(following).run()
      }
    } catch {
      Ending.failed(error)
    }
  }
}
