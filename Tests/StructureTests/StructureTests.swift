import Testing

/// The rules, held against this repository.
@Suite struct StructureTests {
  private let tree = SourceTree.repository

  private func expectNoViolation(
    of rule: some Rule, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let violations = tree.violations(of: rule)
    let list = violations.map(\.description).joined(separator: "\n")
    #expect(violations.isEmpty, "\n\(list)", sourceLocation: sourceLocation)
  }

  /// A scan that looked at nothing would pass every rule.
  @Test func theScanSawTheRepository() {
    let paths = Set(tree.files.map(\.path))
    #expect(paths.count(where: { $0.hasPrefix("Sources/") }) >= 15)
    #expect(paths.count(where: { $0.hasSuffix(".swift") }) >= 20)
    #expect(paths.contains("Tests/StructureTests/StructureTests.swift"))
    #expect(paths.contains(".ci/run"))
    let modules = Set(tree.files.compactMap(\.module))
    #expect(modules.isSuperset(of: ["Varve", "VarveFormat", "VarveSystem"]))
    #expect(modules.isSuperset(of: House.cTargets))
  }

  @Test func importsPointDown() { expectNoViolation(of: ImportDirection()) }

  @Test func theLibraryDoesWithoutFoundation() { expectNoViolation(of: NoFoundation()) }

  @Test func everyModuleIsKnown() { expectNoViolation(of: KnownModules()) }

  @Test func filesAreShort() { expectNoViolation(of: FileLength()) }

  @Test func filesHaveNamesFromTheDomain() { expectNoViolation(of: FileNames()) }

  @Test func theLibraryNeverEndsItsHost() { expectNoViolation(of: NoTraps()) }

  @Test func theLibraryHasNoLooseEnds() { expectNoViolation(of: NoLooseEnds()) }

  @Test func whatIsUnsafeSaysWhyItIsNot() { expectNoViolation(of: SafetyComments()) }

  @Test func theFormatKnowsNoOperatingSystem() { expectNoViolation(of: FormatPurity()) }

  @Test func theManifestHasNoUnsafeFlags() { expectNoViolation(of: NoUnsafeFlags()) }

  @Test func nothingNamesAMachineOrARegistry() { expectNoViolation(of: MachineTraces()) }

  @Test func articlesShowNoOtherCode() { expectNoViolation(of: QuotedCode()) }

  /// What an article says that it has from a file is there, line by line: so it is compiled and tested.
  @Test func articlesShowWhatIsCompiled() {
    let quotations = tree.files.filter { $0.path.hasSuffix(".md") }.flatMap {
      Quotation.all(in: $0)
    }
    #expect(!quotations.isEmpty)
    for quotation in quotations {
      let source = tree.files.first { $0.path == quotation.path }
      #expect(source.map(quotation.isIn) == true, "\(quotation.path) has no such lines")
    }
  }
}
