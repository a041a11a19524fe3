import BenchHarness
import CBareLog
import Varve

/// Slices on loopback, to a receiver that throws them away, beside the same bytes sent by C.
enum SendBenchmarks {
  static let all: [Benchmark] =
    Kind.allCases.flatMap { kind in
      sizes.flatMap { size in SendCaller.allCases.map { one(kind, size, $0) } }
    } + [many]

  private static let sizes = [4 << 10, 64 << 10, 1 << 20]
  private static let logByteCount = 64 << 20

  private enum Kind: String, CaseIterable {
    case tcp, unix, pipe

    var links: bare_link_kind {
      switch self {
      case .tcp: BARE_LINK_TCP
      case .unix: BARE_LINK_UNIX
      case .pipe: BARE_LINK_PIPE
      }
    }
  }

  private static let ways: [(name: String, way: bare_send_way)] = [
    ("sendfile", BARE_SEND_SENDFILE), ("splice", BARE_SEND_SPLICE), ("io_uring", BARE_SEND_RING),
    ("read+write", BARE_SEND_READ_WRITE),
  ]

  private static func goals(_ kind: Kind, _ size: Int) -> [Goal] {
    guard size > 4 << 10 else {
      return [.tally(SendWatch.extraNanoseconds, atMost: 2_000, isExact: false)]
    }
    return ways.dropLast().map { .ratio(to: $0.name, atLeast: 0.95) }
      + [.tally(SendWatch.processorShare, atMost: 1.1, isExact: false)]
      + (kind == .tcp ? [.ratio(to: "read+write", atLeast: 1.8)] : [])
  }

  /// One slice after the other to one descriptor, of which is found out once what it is, and beside it the same
  /// where each send asks.
  private static func one(_ kind: Kind, _ size: Int, _ caller: SendCaller) -> Benchmark {
    Benchmark(
      "\(kind.rawValue)/\(size >> 10)KiB/\(caller.rawValue)", bytes: size, goals: goals(kind, size)
    ) { surroundings in
      let sliced = try SlicedLog(
        size, byteCount: surroundings.scale(logByteCount, brief: 4 << 20), in: surroundings)
      let links = try BareLinks(kind.links, staysAwake: true)
      let (reader, watch) = (ZeroCopyReader(sliced.log), SendWatch())
      let target = links.targets[0]
      let loop = { (target: SendLoop.Target) in
        SendLoop(reader: reader, slices: sliced.slices, target: target, caller: caller)
      }
      let (keeping, asking) = (loop(.kept(try SendTarget(target))), loop(.asked(target)))
      let times = surroundings.scale((size == 4 << 10 ? 64 << 20 : 512 << 20) / size, brief: 8)
      return Routine(
        iterations: times,
        body: { times in
          try watch.own.measure(links, sends: times, of: size) { try keeping.send(times) }
        },
        references: try [
          Reference(
            "asking each time",
            Routine(
              iterations: times,
              body: { times in
                try watch.asking.measure(links, sends: times, of: size) { try asking.send(times) }
              }))
        ]
          + bareWays(watch, links, times: times, of: size) { sender, times in
            for number in 0..<times {
              let slice = sliced.slices[number % sliced.slices.count]
              try sender.send(sliced.file, at: slice.position, byteCount: size, to: target)
            }
          },
        tallies: watch.tallies,
        tearDown: { try sliced.close() })
    }
  }

  /// A slice to each of a hundred descriptors at a time.
  private static var many: Benchmark {
    let (size, count) = (64 << 10, 100)
    return Benchmark(
      "tcp/64KiBx100/task", records: count, bytes: count * size,
      goals: [.ratio(to: "sendfile", atLeast: 0.9)]
    ) { surroundings in
      let sliced = try SlicedLog(
        size, byteCount: surroundings.scale(logByteCount, brief: 16 << 20), in: surroundings)
      let links = try BareLinks(BARE_LINK_TCP, count: count)
      let (reader, watch) = (ZeroCopyReader(sliced.log), SendWatch())
      let targets = try links.targets.map { try SendTarget($0) }
      let times = surroundings.scale(60, brief: 2)
      let choice = { @Sendable (round: Int, index: Int) in
        sliced.slices[(round * 7_919 + index * 104_729) % sliced.slices.count]
      }
      return Routine(
        iterations: times,
        body: { times in
          try watch.own.measure(links, sends: times * count, of: size) {
            try blocking {
              for round in 0..<times {
                let results = await reader.sendAll(
                  targets.enumerated().map { SliceSend(choice(round, $0), to: $1) })
                for result in results { _ = try result.get() }
              }
            }
          }
        },
        references: try bareWays(watch, links, times: times, of: size, atATime: count) {
          sender, times in
          for round in 0..<times {
            let positions = (0..<count).map { Int64(choice(round, $0).position) }
            try sender.sendAll(sliced.file, at: positions, byteCount: size, to: links)
          }
        },
        tallies: watch.tallies,
        tearDown: { try sliced.close() })
    }
  }

  /// The bare ways, each of which does the same in turn.
  private static func bareWays(
    _ watch: SendWatch, _ links: BareLinks, times: Int, of size: Int, atATime count: Int = 1,
    _ send: @escaping (BareSender, _ times: Int) throws -> Void
  ) throws -> [Reference<Routine>] {
    try ways.map { name, way in
      let (sender, account) = (try BareSender(way), watch.account(name))
      return Reference(
        name,
        Routine(
          iterations: times,
          body: { times in
            try account.measure(links, sends: times * count, of: size) { try send(sender, times) }
          }))
    }
  }
}
