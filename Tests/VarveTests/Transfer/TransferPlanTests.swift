import Testing
import VarveSystem

@testable import Varve

@Suite struct TransferPlanTests {
  private let kinds: [HostDescriptor.Facts.Kind] = [.socket, .pipe, .file, .other]

  private func facts(
    _ kind: HostDescriptor.Facts.Kind, isAppending: Bool = false, isSimulated: Bool = false
  ) -> TransferPlan.Facts {
    TransferPlan.Facts(
      target: HostDescriptor.Facts(kind: kind, isAppending: isAppending),
      hasKernelDescriptors: !isSimulated)
  }

  @Test func theKernelSendsWhereItCan() throws {
    for kind in kinds {
      #expect(
        try TransferPlan.choose(.automatic, facts(kind))
          == TransferPlan(rung: .sendfile, mayFall: true))
      let copy = TransferPlan(rung: .copy, mayFall: false)
      #expect(try TransferPlan.choose(.automatic, facts(kind, isAppending: true)) == copy)
      #expect(try TransferPlan.choose(.automatic, facts(kind, isSimulated: true)) == copy)
    }
  }

  @Test func whatIsPinnedStays() async throws {
    for kind in kinds {
      for isAppending in [false, true] {
        let facts = facts(kind, isAppending: isAppending)
        #expect(
          try TransferPlan.choose(.sendfile, facts)
            == TransferPlan(rung: .sendfile, mayFall: false))
        #expect(
          try TransferPlan.choose(.copy, facts) == TransferPlan(rung: .copy, mayFall: false))
      }
      #expect(
        try TransferPlan.choose(.copy, facts(kind, isSimulated: true))
          == TransferPlan(rung: .copy, mayFall: false))
      await expectFailure(.unsupported) {
        try TransferPlan.choose(.sendfile, facts(kind, isSimulated: true))
      }
    }
  }

  @Test func onlyARefusalOfTheFirstByteLeadsToAnotherWay() {
    let automatic = TransferPlan(rung: .sendfile, mayFall: true)
    let copy = TransferPlan(rung: .copy, mayFall: false)
    for errno in [Errno.invalid, .notImplemented, .notSupported] {
      #expect(automatic.fallingBack(after: errno, sentByteCount: 0) == copy)
      #expect(automatic.fallingBack(after: errno, sentByteCount: 1) == nil)
      #expect(copy.fallingBack(after: errno, sentByteCount: 0) == nil)
      let pinned = TransferPlan(rung: .sendfile, mayFall: false)
      #expect(pinned.fallingBack(after: errno, sentByteCount: 0) == nil)
    }
    for errno in [Errno.brokenPipe, .inputOutput, .noSpace, .badDescriptor] {
      #expect(automatic.fallingBack(after: errno, sentByteCount: 0) == nil)
    }
  }
}
