import BenchPlots
import Foundation

let words = Array(CommandLine.arguments.dropFirst())
guard words.count >= 2, !words.contains(where: { $0.hasPrefix("-") }) else {
  print(
    """
    usage: varve-plots DIRECTORY RESULTS...

    Draws what benchmarks have written with --json, or what this has written as results.json before:
    pictures, a page that shows them, and results.json again. Of benchmarks that occur more than once,
    the last counts.
    """)
  exit(2)
}
do {
  let results = try Results(
    decoding: words.dropFirst().map { try Data(contentsOf: URL(filePath: $0)) })
  let gallery = Gallery(results)
  let files =
    gallery.pictures
    + [(file: "README.md", svg: gallery.page), (file: "results.json", svg: try results.text)]
  try FileManager.default.createDirectory(
    atPath: words[0], withIntermediateDirectories: true)
  for (file, text) in files {
    try Data(text.utf8).write(to: URL(filePath: "\(words[0])/\(file)"))
    print("\(words[0])/\(file)")
  }
} catch {
  FileHandle.standardError.write(Data("varve-plots: \(error)\n".utf8))
  exit(1)
}
