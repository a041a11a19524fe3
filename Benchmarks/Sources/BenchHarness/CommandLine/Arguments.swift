/// What the command line asks for.
struct Arguments: Sendable, Hashable {
  enum Command: Sendable, Hashable {
    case run
    case list
    case help
    case traced(TracedRun)
  }

  var command = Command.run
  /// Benchmarks run whose name contains one of these. All, if there are none.
  var filters: [String] = []
  var settings = RunSettings()
  var jsonPath: String?
  /// Where benchmarks put their files.
  var directory: String?
  /// What must be so, if anything.
  var checked: Strictness?
  var smoke = false
  /// What somebody else says to have the same measured: not where files go.
  var wordsToRepeat: [String] = []

  /// Times of a smoke run mean nothing.
  var strictness: Strictness? { smoke ? checked.map { _ in .counts } : checked }
}

extension Arguments {
  /// Most have many short ones, and the longest have a few.
  private static let samples = "\(RunSettings().samples) or \(RunSettings().exactSamples)"

  static func usage(of program: String) -> String {
    """
    usage: \(program) [list] [filter...] [options]

    Runs the benchmarks whose name contains one of the filters, or all of them.

      list           names the benchmarks and runs none
      --json FILE    writes everything that was measured to a file
      --samples N    samples of each benchmark (\(samples))
      --seconds S    what a sample lasts (\(RunSettings().secondsPerSample))
      --directory D  where files go that are written to and read (beside the program);
                     they are removed, and take 6 GiB at the most
      --smoke        runs everything for an instant: to see that it runs
      --check        fails if a goal is missed or unknown, or the self-check is off;
                     with --smoke only goals about counts can be missed
      --gate         the same, of goals about counts and half of each goal about a share
                     of another's speed: what fails on no machine
      --help         this
    """
  }
}
