import Testing
import VarveSystem

@testable import Varve

@Suite struct ConfigurationTests {
  private func refusal(_ change: (inout LogConfiguration) -> Void) -> LogError? {
    var configuration = LogConfiguration()
    change(&configuration)
    return error { try configuration.validate() }
  }

  @Test func theDefaultsAreRight() {
    #expect(refusal { _ in } == nil)
  }

  /// Each refusal says which setting it is about.
  @Test func refusalsNameTheSetting() {
    let refusals: [(String, LogError?)] = [
      ("segmentByteCount", refusal { $0.segmentByteCount = 4095 }),
      ("segmentByteCount", refusal { $0.segmentByteCount = 1 << 31 }),
      ("segmentByteCount", refusal { $0.segmentByteCount = -1 }),
      ("maximumBatchByteCount", refusal { $0.maximumBatchByteCount = 60 }),
      ("maximumBatchByteCount", refusal { $0.maximumBatchByteCount = -1 }),
      ("indexIntervalByteCount", refusal { $0.indexIntervalByteCount = -1 }),
      ("indexIntervalByteCount", refusal { $0.indexIntervalByteCount = 1 << 31 }),
      ("indexByteCount", refusal { $0.indexByteCount = 23 }),
      ("indexByteCount", refusal { $0.indexByteCount = 1 << 31 }),
      ("segmentAge", refusal { $0.segmentAge = .zero }),
      ("segmentAge", refusal { $0.segmentAge = .seconds(-1) }),
      ("segmentAgeJitter", refusal { $0.segmentAgeJitter = .seconds(-1) }),
      ("segmentAgeJitter", refusal { $0.segmentAgeJitter = $0.segmentAge }),
      ("syncPolicy", refusal { $0.syncPolicy = .every(recordCount: 0) }),
      ("syncPolicy", refusal { $0.syncPolicy.recordCount = -1 }),
      ("syncPolicy", refusal { $0.syncPolicy = .every(.zero) }),
      ("syncPolicy", refusal { $0.syncPolicy.interval = .seconds(-1) }),
      ("maximumTimestampAge", refusal { $0.maximumTimestampAge = .seconds(-1) }),
      ("maximumTimestampLead", refusal { $0.maximumTimestampLead = .seconds(-1) }),
    ]
    for (name, error) in refusals {
      #expect(error?.code == .invalidArgument, "\(name)")
      #expect(error?.message.contains("\(name) ") == true, "\(name)")
    }
  }

  @Test func theExtremesAreRight() {
    #expect(refusal { $0.segmentByteCount = 4096 } == nil)
    #expect(refusal { $0.segmentByteCount = Int(Int32.max) } == nil)
    #expect(refusal { $0.indexIntervalByteCount = 0 } == nil)
    #expect(refusal { $0.indexByteCount = 24 } == nil)
    #expect(refusal { $0.segmentAge = .milliseconds(1) } == nil)
    #expect(refusal { $0.maximumTimestampAge = .zero } == nil)
    #expect(refusal { $0.syncPolicy = .never } == nil)
    #expect(
      refusal { $0.syncPolicy = SyncPolicy(recordCount: 1, interval: .nanoseconds(1)) } == nil)
    #expect(refusal { $0.syncPolicy = .every(recordCount: .max) } == nil)
    #expect(refusal { $0.syncPolicy = .every(.seconds(Int64.max)) } == nil)
  }

  @Test func aDirectoryIsNotMadeForAConfigurationThatCannotBe() async throws {
    try await Place.all[0].withDirectory { directory in
      var configuration = LogConfiguration()
      configuration.segmentByteCount = 1
      #expect(error { try ManualWorld().open(directory, configuration) } != nil)
      #expect(error { try LogOnDisk(directory: directory).names } == nil)
      #expect(throws: (any Error).self) { try LogOnDisk(directory: directory).names }
    }
  }

  @Test func durations() {
    #expect(Duration.seconds(1).milliseconds == 1000)
    #expect(Duration.milliseconds(-1).milliseconds == -1)
    #expect(Duration.microseconds(999).milliseconds == 0)
    #expect(Duration.seconds(Int64.max).milliseconds == .max)
    #expect(Duration.seconds(Int64.min).milliseconds == .min)
  }

  /// What may come right by itself is to be tried again, what is full is full, and so on.
  @Test func errorNumbers() {
    let table: [(LogError.Code, [Errno])] = [
      (.full, [.noSpace, .quota, .fileTooLarge]),
      (
        .retry,
        [
          .again, .busy, .interrupted, .noMemory, .timedOut, .tooManyFiles, .tooManyFilesInSystem,
        ]
      ),
      (.device, [.inputOutput, .noSuchDevice, .deviceGone, .readOnly, .stale, .badAddress]),
      (.disconnected, [.brokenPipe, .connectionReset, .connectionAborted, .notConnected]),
      (.unsupported, [.notSupported, .notImplemented]),
      (
        .invalidArgument,
        [
          .noSuchFile, .notDirectory, .isDirectory, .accessDenied, .notPermitted, .nameTooLong,
          .exists, .notEmpty, .loop, .invalid, .badDescriptor,
        ]
      ),
    ]
    for (code, numbers) in table {
      for errno in numbers {
        #expect(errno.code == code)
        let error = LogError(SystemError(.write, errno), "write")
        #expect(error.code == code)
        #expect(error.systemCall?.errno == errno.rawValue)
        #expect(error.message.hasPrefix("could not write: "))
        #expect(!errno.explanation.hasPrefix("errno"))
      }
    }
    #expect(Errno(rawValue: 250).explanation == "errno 250")
  }
}
