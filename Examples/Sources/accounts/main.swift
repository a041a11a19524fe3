// Accounts whose only truth is what has happened to them: a log of events.
//
//   accounts serve <directory> [port]
//   accounts ask <port>                  commands from the standard input, a line each

import ExampleSockets
import Foundation
import Varve

func usage() -> Never {
  say("usage: accounts serve <directory> [port]")
  say("       accounts ask <port>")
  exit(2)
}

let words = CommandLine.arguments.dropFirst()
do {
  switch (words.first, words.count) {
  case ("serve", 2...3):
    guard let port = UInt16(words.count == 3 ? words[3] : "0") else { usage() }
    try await AccountServer(bank: Bank.open(at: words[2]), port: port).run()
  case ("ask", 2):
    guard let port = UInt16(words[2]) else { usage() }
    try Connection(to: port).askStandardInput()
  default: usage()
  }
} catch {
  FileHandle.standardError.write(Data("accounts: \(error)\n".utf8))
  exit(1)
}
