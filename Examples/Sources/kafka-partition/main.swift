// Reads what a real Kafka wrote, and writes a batch that Kafka reads.
//
//   swift run --package-path Examples kafka-partition <partition directory>

import Glibc

guard CommandLine.arguments.count == 2 else {
  print("usage: kafka-partition <directory of a Kafka partition>")
  exit(2)
}

do {
  try PartitionReading(directory: CommandLine.arguments[1]).show()
  try BatchBuilding().show()
} catch {
  print("kafka-partition: \(error)")
  exit(1)
}
