import BenchHarness
import Glibc
import Varve

// As servers do: a send then need not keep the signal away.
signal(SIGPIPE, SIG_IGN)
let program = BenchmarkProgram(suites: allSuites, facts: ["io_uring": "\(RingSupport.probe())"])
exit(program.run(Array(CommandLine.arguments.dropFirst())))
