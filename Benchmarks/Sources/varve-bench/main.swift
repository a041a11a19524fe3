import BenchHarness
import Glibc
import Varve

let program = BenchmarkProgram(suites: allSuites, facts: ["io_uring": "\(RingSupport.probe())"])
exit(program.run(Array(CommandLine.arguments.dropFirst())))
