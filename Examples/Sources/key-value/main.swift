// A map in memory, with a log ahead of it that compaction keeps as small as the map.
//
//   key-value serve <directory> [port]
//   key-value ask <port>                  requests from the standard input, a line each

import ExampleSockets
import Foundation
import Varve

func usage() -> Never {
  say("usage: key-value serve <directory> [port]")
  say("       key-value ask <port>")
  exit(2)
}

let words = CommandLine.arguments.dropFirst()
do {
  switch (words.first, words.count) {
  case ("serve", 2...3):
    guard let port = UInt16(words.count == 3 ? words[3] : "0") else { usage() }
    try await MapServer(map: DurableMap.open(at: words[2]), port: port).run()
  case ("ask", 2):
    guard let port = UInt16(words[2]) else { usage() }
    try Connection(to: port).askStandardInput()
  default: usage()
  }
} catch {
  FileHandle.standardError.write(Data("key-value: \(error)\n".utf8))
  exit(1)
}
