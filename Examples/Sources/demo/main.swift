// A log at work, in half a minute: appends with a progress line, look-ups, a tail, a client process
// that gets the log over TCP, closing, reopening.
//
//   swift run -c release --package-path Examples demo <directory>
//
// The same executable is the client: `demo receive <port>`.

import Foundation
import Varve

let arguments = CommandLine.arguments.dropFirst()
do {
  switch (arguments.count, arguments.first) {
  case (2, "receive"):
    guard let port = UInt16(arguments.last ?? "") else { usage() }
    try Receiver(port: port).run()
  case (1, let directory?):
    try await Demo(directory: directory).run()
  default: usage()
  }
} catch {
  print("demo: \(error)")
  exit(1)
}

func usage() -> Never {
  print("usage: demo <directory for a log, which is emptied first>\n       demo receive <port>")
  exit(2)
}
