import BenchHarness
import Glibc

exit(BenchmarkProgram(suites: allSuites).run(Array(CommandLine.arguments.dropFirst())))
