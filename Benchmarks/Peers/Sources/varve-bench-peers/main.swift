import BenchHarness
import Glibc
import PeerStores

let words = Array(CommandLine.arguments.dropFirst())
if let order = WritingOrder(words: words) {
  try order.carryOut()
}
let program = BenchmarkProgram(
  name: "varve-bench-peers", suites: [peerSuite], facts: libraryVersions,
  style: .comparison(of: StoreKind.varve.rawValue))
exit(program.run(words))
