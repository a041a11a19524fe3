import Testing

/// A crash at every single operation that changes something, of programs short enough for that.
@Suite struct CrashPointTests {
  @Test(arguments: Passage.all)
  func noCrashPointLosesWhatItMustNot(_ passage: Passage) throws {
    #expect(try passage.mutationCount >= Passage.leastMutationCount)
    if let failure = try passage.firstFailure() { Issue.record("\(failure)") }
  }
}
