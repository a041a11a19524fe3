import Foundation
import Testing

@testable import BenchHarness

struct ExecutableTests {
  @Test func helpIsHelp() throws {
    let run = try Executable.run("--help")
    #expect(run.status == 0)
    #expect(run.output == Arguments.usage(of: "varve-bench") + "\n")
  }

  @Test(arguments: ["--frobnicate", "nothing-has-this-name"])
  func nonsenseEndsWithTwo(word: String) throws {
    #expect(try Executable.run(word).status == 2)
  }

  @Test func theListIsFiltered() throws {
    #expect(try Executable.run("list", "known-counts").output == "self-check/known-counts\n")
  }

  @Test func theSelfCheckIsExact() throws {
    let run = try Executable.run("self-check", "--smoke", "--check")
    #expect(run.status == 0, "\(run.output)")
    #expect(run.output.contains("The self-check counted what it should"))
  }

  @Test func everythingThatWasMeasuredIsInTheFile() throws {
    let file = URL.temporaryDirectory.appending(path: "varve-bench-\(UUID()).json")
    defer { try? FileManager.default.removeItem(at: file) }
    let run = try Executable.run("machine/swift-copy", "--smoke", "--json", file.path)
    #expect(run.status == 0)
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
    let report = try #require(json as? [String: Any])
    let benchmarks = try #require(report["benchmarks"] as? [[String: Any]])
    let benchmark = try #require(benchmarks.first)
    #expect(benchmark["name"] as? String == "machine/swift-copy/64KiB")
    let times = try #require(benchmark["nanosecondsPerIteration"] as? [String: Any])
    #expect((times["samples"] as? [Double])?.count == RunSettings.smoke.samples)
    #expect(benchmark["ratio"] is [String: Any])
    #expect((benchmark["goals"] as? [[String: Any]])?.first?["outcome"] is String)
    #expect((report["machine"] as? [String: Any])?["cores"] is Int)
  }

  @Test func aRunTellsHowFarItIs() throws {
    let run = try Executable.run("machine/swift-copy", "machine/malloc-free", "--smoke")
    let lines = run.messages.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.first?.wholeMatch(of: #/machine/swift-copy/64KiB … \d+\.\d s/#) != nil)
    #expect(lines.last?.wholeMatch(of: #/machine/malloc-free/64B … \d+\.\d s/#) != nil)
  }

  @Test func whatCannotBeTakenBackIsWrittenOnce() throws {
    let run = try Executable.run("machine/swift-copy", "--smoke", "--json", "/dev/stdout")
    #expect(run.status == 0)
    #expect(run.output.matches(of: #/"format": 1/#).count == 1)
    #expect(run.output.contains("machine/swift-copy/64KiB"))
  }

  @Test func aFileThatCannotBeWrittenIsKnownAtOnce() throws {
    let run = try Executable.run("machine/swift-copy", "--smoke", "--json", "/nowhere/result.json")
    #expect(run.status == 1)
    #expect(run.messages.contains("can't open /nowhere/result.json"))
    #expect(!run.messages.contains("machine/swift-copy"))
  }
}
