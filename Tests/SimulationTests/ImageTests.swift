import Foundation
import Testing

/// All that a power cut may leave, for passages short enough: each subset of the pages that were not
/// synced and of the changes of names, at each operation.
@Suite struct ImageTests {
  /// `VARVE_SIM_IMAGES`: so many images of each moment. All of them are 4,096.
  private static let limit =
    ProcessInfo.processInfo.environment["VARVE_SIM_IMAGES"].flatMap { Int($0) } ?? 2

  @Test(arguments: Passage.all)
  func noImageLosesWhatItMustNot(_ passage: Passage) throws {
    var trial = ImageTrial(passage, limit: Self.limit)
    if let failure = try trial.firstFailure() { Issue.record("\(failure)") }
    #expect(trial.imageCount >= trial.momentCount)
    #expect(try passage.showsWhatItSays)
    print(
      "\(passage.testDescription): \(trial.imageCount) images of \(trial.momentCount) moments, "
        + "\(trial.distinctCount) different; all of \(trial.wholeMomentCount) moments")
  }
}
