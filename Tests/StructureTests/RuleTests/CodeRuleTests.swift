import Testing

@Suite struct NoTrapsTests {
  private let rule = NoTraps()

  @Test(arguments: ["let a = try! f()", "let a = b as! C", "fatalError(\"no\")", "fatalError ()"])
  func refuses(text: String) {
    #expect(lines(rule, "Sources/Varve/A.swift", "let x = 1\n\(text)") == [2])
  }

  @Test(arguments: [
    "// never try! here", "let a = \"as! fatalError(\"", "let a = try? f()", "let a = b as? C",
    "/* fatalError( */", "let alias! = 1", "handleFatalError(x)",
  ])
  func allows(text: String) { #expect(lines(rule, "Sources/Varve/A.swift", text).isEmpty) }

  @Test func leavesTestsAlone() {
    #expect(lines(rule, "Tests/VarveTests/A.swift", "let a = try! f()").isEmpty)
  }
}

@Suite struct NoLooseEndsTests {
  private let rule = NoLooseEnds()

  @Test func refusesMarksInCommentsToo() {
    #expect(lines(rule, "Sources/Varve/A.swift", "a\n// TODO: b\n/* FIXME c */") == [2, 3])
    #expect(lines(rule, "Sources/CVarveSystem/a.c", "// TODO") == [1])
  }

  @Test func allowsOtherWordsAndPlaces() {
    #expect(lines(rule, "Sources/Varve/A.swift", "let TODOS = 1 // mastodon").isEmpty)
    #expect(lines(rule, "Tests/T/A.swift", "// TODO").isEmpty)
  }
}

@Suite struct SafetyCommentsTests {
  private let rule = SafetyComments()
  private let path = "Sources/Varve/A.swift"

  @Test(arguments: [
    "final class A: @unchecked Sendable {}",
    "extension A: @unchecked Sendable {}",
    "nonisolated(unsafe) var a = 0",
    "@safe struct A {}",
  ])
  func refusesWithoutAReason(claim: String) {
    #expect(lines(rule, path, "\n\(claim)") == [2])
    #expect(lines(rule, path, "// Because.\n\(claim)") == [2])
    #expect(lines(rule, path, "// SAFETY: of another.\nlet a = 1\n\(claim)") == [3])
    #expect(lines(rule, path, "// SAFETY: far away.\n\n\(claim)") == [3])
    #expect(lines(rule, path, "\(claim) // SAFETY: beside, not above") == [1])
  }

  @Test(arguments: [
    "final class A: @unchecked Sendable {}",
    "nonisolated(unsafe) var a = 0",
    "@safe struct A {}",
  ])
  func allowsWithAReason(claim: String) {
    #expect(lines(rule, path, "// SAFETY: immutable.\n\(claim)").isEmpty)
    #expect(lines(rule, path, "  // SAFETY: long,\n  // and on.\n  /// A.\n  \(claim)").isEmpty)
    #expect(lines(rule, path, "// SAFETY: so.\n@usableFromInline\n@frozen\n\(claim)").isEmpty)
  }

  @Test func followsAWrappedDeclaration() {
    let text = "// SAFETY: so.\npublic final class A:\n  B,\n  @unchecked Sendable\n{}"
    #expect(lines(rule, path, text).isEmpty)
  }

  @Test func seesNoClaimInProse() {
    #expect(lines(rule, path, "// @unchecked Sendable\nlet a = \"@safe\"").isEmpty)
    #expect(lines(rule, path, "@safety struct A {}").isEmpty)
  }
}

@Suite struct FormatPurityTests {
  private let rule = FormatPurity()

  @Test(arguments: ["#if os(Linux)", "#if !os(Linux)", "#elseif arch(x) && os(Linux)"])
  func refusesAskingForTheSystem(text: String) {
    #expect(lines(rule, "Sources/VarveFormat/A.swift", "\n\(text)\n#endif") == [2])
    #expect(lines(rule, "Sources/VarveSystem/A.swift", text).isEmpty)
  }

  @Test func allowsOtherConditions() {
    let text = "#if Gzip\n#if arch(x86_64)\n#endif\n#endif\n// #if os(Linux)\nlet a = os(1)"
    #expect(lines(rule, "Sources/VarveFormat/A.swift", text).isEmpty)
  }

  @Test func refusesHeadersOfTheSystem() {
    let text = "#include <stdint.h>\n#include <unistd.h>\n# include <sys/mman.h>\n"
    #expect(lines(rule, "Sources/CVarveBytes/a.c", text) == [2, 3])
    #expect(lines(rule, "Sources/CVarveBytes/include/a.h", text) == [2, 3])
    #expect(lines(rule, "Sources/CVarveSystem/a.c", text).isEmpty)
  }

  @Test func allowsItsOwnAndCommentedHeaders() {
    let text = "#include \"CVarveBytes.h\"\n// #include <unistd.h>\n#include <immintrin.h>"
    #expect(lines(rule, "Sources/CVarveBytes/a.c", text).isEmpty)
  }
}

@Suite struct NoUnsafeFlagsTests {
  private let rule = NoUnsafeFlags()

  @Test func refusesThemInTheManifest() {
    #expect(lines(rule, "Package.swift", "a\n.unsafeFlags([\"-O\"])") == [2])
  }

  @Test func allowsTalkAboutThemAndOtherManifests() {
    #expect(lines(rule, "Package.swift", "// no unsafeFlags").isEmpty)
    #expect(lines(rule, "Tests/Fuzz/Package.swift", ".unsafeFlags([])").isEmpty)
  }
}
