import Testing

@Suite struct ImportDirectionTests {
  private let rule = ImportDirection()

  @Test(arguments: [
    ("Sources/VarveFormat/A.swift", "VarveSystem"),
    ("Sources/VarveFormat/A.swift", "CVarveSystem"),
    ("Sources/VarveFormat/A.swift", "Varve"),
    ("Sources/VarveSystem/A.swift", "VarveFormat"),
    ("Sources/VarveSystem/A.swift", "CVarveBytes"),
    ("Sources/VarveSystem/A.swift", "CZlib"),
    ("Sources/Varve/Log/A.swift", "CVarveSystem"),
    ("Sources/Varve/Log/A.swift", "CLiburing"),
    ("Sources/Varve/Log/A.swift", "VarveTesting"),
    ("Sources/VarveTool/A.swift", "VarveTesting"),
    ("Sources/VarveTesting/A.swift", "VarveTool"),
    ("Sources/Varve/A.swift", "Logging"),
  ])
  func refuses(path: String, module: String) {
    #expect(lines(rule, path, "// why\nimport \(module)\n") == [2])
  }

  @Test(arguments: [
    ("Sources/VarveFormat/A.swift", "CVarveBytes"),
    ("Sources/VarveFormat/A.swift", "CZstd"),
    ("Sources/VarveFormat/A.swift", "Synchronization"),
    ("Sources/VarveFormat/A.swift", "_Builtin_float"),
    ("Sources/VarveSystem/A.swift", "CVarveSystem"),
    ("Sources/Varve/A.swift", "VarveFormat"),
    ("Sources/VarveTesting/A.swift", "VarveSystem"),
    ("Sources/VarveTool/A.swift", "Varve"),
    ("Tests/VarveTests/A.swift", "Anything"),
    ("Benchmarks/Sources/B/A.swift", "Anything"),
  ])
  func allows(path: String, module: String) {
    #expect(lines(rule, path, "import \(module)\n").isEmpty)
  }

  @Test(arguments: [
    "import Varve", "  public import Varve", "@_exported public import Varve",
    "@testable import Varve", "import struct Varve.Log", "@_spi(Inside) import func Varve.open",
    "@preconcurrency internal import Varve.Sub", "import `Varve`", "let a = 1; import Varve",
  ])
  func seesEveryForm(text: String) {
    #expect(lines(rule, "Sources/VarveFormat/A.swift", text) == [1])
  }

  @Test(arguments: [
    "// import Varve", "let a = \"import Varve\"", "/* import Varve */", "`import` Varve",
    "reimport Varve", "case .import where x", "f(import: Varve)", "important Varve",
    "#if canImport(Varve)",
  ])
  func seesNothingElse(text: String) {
    #expect(lines(rule, "Sources/VarveFormat/A.swift", text).isEmpty)
  }
}

@Suite struct NoFoundationTests {
  private let rule = NoFoundation()

  @Test(arguments: [
    "import Foundation", "@_exported public import Foundation", "@testable import Foundation",
    "import struct Foundation.Date", "import FoundationEssentials", "import Foundation.NSURL",
    "import Dispatch", "import Glibc", "internal import func Glibc.open", "import Musl",
  ])
  func refuses(text: String) {
    #expect(lines(rule, "Sources/VarveSystem/A.swift", "\n\(text)") == [2])
    #expect(lines(rule, "Sources/VarveTool/A.swift", "\n\(text)") == [2])
  }

  @Test func leavesTestsAndProseAlone() {
    #expect(lines(rule, "Tests/VarveTests/A.swift", "import Foundation").isEmpty)
    #expect(lines(rule, "Sources/Varve/A.swift", "// no import Foundation here").isEmpty)
  }
}
