/// A process for tests to kill: it appends to a log, follows or compacts one, and reports what it has
/// done.
@main enum CrashChild {
  static func main() async {
    do {
      switch try Assignment(CommandLine.arguments.dropFirst()) {
      case .append(let appending): try Writer(appending).run()
      case .follow(let following): try await Follower(following).run()
      case .compact(let compacting):
        let compactor = Compactor(compacting)
        try Threads.run(1) { _ in
          do { try compactor.run() } catch { Ending.failed(error) }
        }
      }
    } catch {
      Ending.failed(error)
    }
  }
}
