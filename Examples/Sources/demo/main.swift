// What Varve can do so far, visibly: it reads what a real Kafka wrote, and writes what Kafka reads.
//
//   swift run --package-path Examples demo <partition directory>

import Glibc

guard CommandLine.arguments.count == 2 else {
  print("usage: demo <directory of a Kafka partition>")
  exit(2)
}

do {
  try PartitionReading(directory: CommandLine.arguments[1]).show()
  try BatchBuilding().show()
} catch {
  print("demo: \(error)")
  exit(1)
}
