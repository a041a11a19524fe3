import Testing

@testable import BenchHarness

struct ArgumentsTests {
  @Test func nothingRunsEverything() throws {
    #expect(try Arguments(parsing: []) == Arguments())
  }

  @Test func wordsAreFilters() throws {
    let arguments = try Arguments(parsing: ["crc", "--check", "format/encode"])
    #expect(arguments.filters == ["crc", "format/encode"])
    #expect(arguments.strictness == .goals)
  }

  @Test func listComesFirstOrIsAFilter() throws {
    let list = try Arguments(parsing: ["list", "crc"])
    #expect(list.command == .list)
    #expect(list.filters == ["crc"])
    #expect(try Arguments(parsing: ["crc", "list"]).filters == ["crc", "list"])
  }

  @Test func optionsHaveValues() throws {
    let arguments = try Arguments(
      parsing: [
        "--json", "out.json", "--samples", "5", "--seconds", "0.25", "--directory", "data",
      ])
    #expect(arguments.directory == "data")
    #expect(arguments.settings.exactSamples == 5)
    #expect(arguments.jsonPath == "out.json")
    #expect(arguments.settings.samples == 5)
    #expect(arguments.settings.secondsPerSample == 0.25)
  }

  @Test func aSmokeRunIsHeldAgainstCountsAlone() throws {
    #expect(try Arguments(parsing: ["--gate"]).strictness == .halfOfRatios)
    #expect(try Arguments(parsing: ["--smoke", "--gate"]).strictness == .counts)
    #expect(try Arguments(parsing: ["--check", "--smoke"]).strictness == .counts)
    #expect(try Arguments(parsing: ["--smoke"]).strictness == nil)
  }

  @Test func whereFilesGoIsNotRepeated() throws {
    let arguments = try Arguments(
      parsing: ["crc", "--json", "out.json", "--samples", "5", "--directory", "data", "scan"])
    #expect(arguments.wordsToRepeat == ["crc", "--samples", "5", "scan"])
  }

  @Test func whatIsSaidOutrightWinsOverSmoke() throws {
    let arguments = try Arguments(parsing: ["--samples", "9", "--smoke"])
    #expect(arguments.settings.samples == 9)
    #expect(arguments.settings.secondsPerSample == RunSettings.smoke.secondsPerSample)
  }

  @Test func helpIsHelp() throws {
    #expect(try Arguments(parsing: ["crc", "--help"]).command == .help)
  }

  @Test func aTracedRunNamesItsBenchmark() throws {
    let run = TracedRun(benchmark: "machine/clock", iterations: 10)
    #expect(
      try Arguments(parsing: ["--traced", "machine/clock", "10"]).command == .traced(run))
  }

  @Test(arguments: [
    ["--frobnicate"], ["-x"], ["--json"], ["--json", "--check"], ["--samples", "0"],
    ["--samples", "many"], ["--seconds", "-1"], ["--seconds", "nan"], ["--traced", "a"],
  ])
  func nonsenseIsRefused(words: [String]) {
    #expect(throws: UsageError.self) { try Arguments(parsing: words) }
  }
}
