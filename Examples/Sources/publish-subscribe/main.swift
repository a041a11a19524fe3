// Publishers send frames to a server, and subscribers get what is in its log, moved by the kernel.
//
//   publish-subscribe serve <directory> [port]
//   publish-subscribe publish <port>                            lines of the standard input
//   publish-subscribe subscribe <port> [earliest|latest|offset] [count]

import ExampleSockets
import Foundation
import Varve

func usage() -> Never {
  say("usage: publish-subscribe serve <directory> [port]")
  say("       publish-subscribe publish <port>")
  say("       publish-subscribe subscribe <port> [earliest|latest|<offset>] [<count>]")
  exit(2)
}

let words = CommandLine.arguments.dropFirst()
do {
  switch (words.first, words.count) {
  case ("serve", 2...3):
    guard let port = UInt16(words.count == 3 ? words[3] : "0") else { usage() }
    let broker = try await Broker.open(at: words[2])
    try await broker.run(on: port)
  case ("publish", 2):
    guard let port = UInt16(words[2]) else { usage() }
    try Publisher(port: port).publishStandardInput()
  case ("subscribe", 2...4):
    guard let port = UInt16(words[2]) else { usage() }
    let count = words.count == 4 ? Int(words[4]) : .max
    guard let start = Start(words.count > 2 ? words[3] : "earliest"), let count else { usage() }
    try Subscriber(port: port, start: start).printRecords(count)
  default: usage()
  }
} catch {
  FileHandle.standardError.write(Data("publish-subscribe: \(error)\n".utf8))
  exit(1)
}
