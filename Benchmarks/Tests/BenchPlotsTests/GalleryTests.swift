import Foundation
import Testing

@testable import BenchPlots

struct GalleryTests {
  @Test func aRunIsReadAsItIsWritten() throws {
    let results = try Results(decoding: [Array(Self.run.utf8)])
    let (measurement, run) = try #require(results["append/1KiB"])
    #expect(run.command == "varve-bench append")
    #expect(run.machine.day == "2026-01-02")
    #expect(measurement.recordsPerSecond(of: .own) == 4e6)
    #expect(measurement.recordsPerSecond(of: .limit) == 5e6)
    #expect(measurement.recordsPerSecond(of: .reference("write(2)")) == 5e5)
    #expect(measurement.recordsPerSecond(of: .reference("none")) == nil)
    #expect(measurement.gigabytesPerSecond(of: .own) == 4.376)
    #expect(results["peers/killed"]?.measurement.tallies["ms to reopen 1 GiB, lmdb"] == .some(nil))
  }

  @Test func whatIsKeptShowsTheSame() throws {
    let results = try Results(decoding: [Array(Self.run.utf8)])
    let again = try Results(decoding: [Array(try results.text.utf8)])
    #expect(Gallery(results).page == Gallery(again).page)
    #expect(try again.text == results.text)
    #expect(try !results.text.contains("samples"))
  }

  @Test func ofTwoRunsTheLastCounts() throws {
    let later = Self.run.replacing("\"median\": 250.0", with: "\"median\": 500.0")
    let results = try Results(decoding: [Array(Self.run.utf8), Array(later.utf8)])
    #expect(results["append/1KiB"]?.measurement.recordsPerSecond(of: .own) == 2e6)
    #expect(try results.text == Results(decoding: [Array(later.utf8)]).text)
  }

  @Test func whatIsNoResultIsRefused() {
    for text in ["", "{}", "[1]", "nonsense"] {
      #expect(throws: (any Error).self) { try Results(decoding: [Array(text.utf8)]) }
    }
  }

  @Test func onlyWhatWasMeasuredIsShown() throws {
    let gallery = Gallery(try Results(decoding: [Array(Self.run.utf8)]))
    #expect(gallery.pictures.map(\.file) == ["append.svg", "peers-reopen.svg"])
    let chart = try #require(gallery.plots.first?.chart)
    #expect(chart.categories == ["1 KiB"])
    #expect(chart.series.map(\.name) == ["Varve", "bare mapped log in C", "write(2) a call"])
    #expect(gallery.plots.last?.chart.categories == ["varve"])
  }

  @Test func thePageHasNumbersAndWhereTheyAreFrom() throws {
    let page = Gallery(try Results(decoding: [Array(Self.run.utf8)])).page
    #expect(page.contains("| 1 KiB | 4M | 5M | 500k |"))
    #expect(page.contains("](append.svg)"))
    #expect(
      page.contains(
        "`varve-bench append`, 2026-01-02: Some processor, 2 cores, Linux 6.1, ext4, Swift 6.3, LMDB 1"
      ))
  }

  @Test func eachPictureHasANameOfItsOwn() {
    let names = Gallery.exhibits.map(\.name)
    #expect(Set(names).count == names.count)
    for exhibit in Gallery.exhibits {
      #expect(exhibit.series.allSatisfy { $0.cells.count == exhibit.categories.count })
    }
  }

  private static let run = """
    {
      "format": 1,
      "command": "varve-bench append",
      "machine": {
        "processor": "Some processor", "cores": 2, "kernel": "6.1", "pageSize": 4096,
        "swift": "6.3", "optimized": true, "date": "2026-01-02T03:04:05Z", "governor": null,
        "loadAverage": null, "others": {"file system": "ext4", "LMDB": "1"}
      },
      "benchmarks": [
        {
          "name": "append/1KiB", "recordsPerIteration": 1, "bytesPerIteration": 1094,
          "nanosecondsPerIteration": {
            "iterations": 2,
            "summary": {"median": 250.0, "minimum": 240.0, "maximum": 260.0},
            "samples": [240.0, 250.0, 260.0]
          },
          "limitNanosecondsPerIteration": {
            "iterations": 2,
            "summary": {"median": 200.0, "minimum": 200.0, "maximum": 200.0}, "samples": [200.0]
          },
          "references": [
            {
              "name": "write(2)",
              "nanosecondsPerIteration": {
                "iterations": 2,
                "summary": {"median": 2000.0, "minimum": 2000.0, "maximum": 2000.0},
                "samples": [2000.0]
              },
              "ratio": {"median": 8.0, "minimum": 8.0, "maximum": 8.0}
            }
          ],
          "latencyNanoseconds": null, "latencyReferences": [], "tallies": {}, "goals": []
        },
        {
          "name": "peers/killed", "recordsPerIteration": 1, "bytesPerIteration": 0,
          "nanosecondsPerIteration": null, "limitNanosecondsPerIteration": null,
          "references": [], "latencyNanoseconds": null, "latencyReferences": [],
          "tallies": {"ms to reopen 1 GiB, varve": 30.0, "ms to reopen 1 GiB, lmdb": null}
        }
      ]
    }
    """
}
