extension Arguments {
  /// Reads the arguments after the program's name.
  init(parsing words: [String]) throws(UsageError) {
    self.init()
    var rest = words[...]
    var samples: Int?
    var seconds: Double?
    while let word = rest.popFirst() {
      let before = rest
      switch word {
      case "--help", "-h": command = .help
      case "--smoke": smoke = true
      case "--check": checked = .goals
      case "--gate": checked = .halfOfRatios
      case "--json": jsonPath = try Self.value(of: word, from: &rest)
      case "--directory": directory = try Self.value(of: word, from: &rest)
      case "--samples": samples = try Self.count(of: word, from: &rest)
      case "--seconds": seconds = try Self.duration(of: word, from: &rest)
      case TracedRun.option: command = .traced(try Self.tracedRun(from: &rest))
      case "list" where command == .run && filters.isEmpty: command = .list
      case _ where word.hasPrefix("-"): throw UsageError("unknown option \(word)")
      default: filters.append(word)
      }
      if !["--json", "--directory"].contains(word) {
        wordsToRepeat += [word] + before.prefix(before.count - rest.count)
      }
    }
    if smoke { settings = .smoke }
    settings.samples = samples ?? settings.samples
    settings.exactSamples = samples ?? settings.exactSamples
    settings.secondsPerSample = seconds ?? settings.secondsPerSample
  }

  private static func value(
    of option: String, from rest: inout ArraySlice<String>
  ) throws(UsageError) -> String {
    guard let value = rest.popFirst(), !value.hasPrefix("-") else {
      throw UsageError("\(option) needs a value")
    }
    return value
  }

  private static func count(
    of option: String, from rest: inout ArraySlice<String>
  ) throws(UsageError) -> Int {
    let text = try value(of: option, from: &rest)
    guard let count = Int(text), count > 0 else {
      throw UsageError("\(option) needs a whole number above 0, not \(text)")
    }
    return count
  }

  private static func duration(
    of option: String, from rest: inout ArraySlice<String>
  ) throws(UsageError) -> Double {
    let text = try value(of: option, from: &rest)
    guard let seconds = Double(text), seconds > 0, seconds <= 3600 else {
      throw UsageError("\(option) needs a number of seconds above 0, not \(text)")
    }
    return seconds
  }

  private static func tracedRun(
    from rest: inout ArraySlice<String>
  ) throws(UsageError) -> TracedRun {
    let benchmark = try value(of: TracedRun.option, from: &rest)
    return TracedRun(
      benchmark: benchmark, iterations: try count(of: TracedRun.option, from: &rest))
  }
}
