import Testing
import VarveSystem

@testable import Varve

@Suite struct TransferPlanTests {
  private typealias Rung = TransferPlan.Rung
  private typealias Facts = TransferPlan.Facts

  private let tcp = HostDescriptor.Facts(kind: .socket, isNonblocking: true)
  private let local = HostDescriptor.Facts(kind: .socket, isNonblocking: true, isLocal: true)
  private let pipe = HostDescriptor.Facts(kind: .pipe, isNonblocking: true)
  private let file = HostDescriptor.Facts(kind: .file)
  private let device = HostDescriptor.Facts(kind: .other)
  private let appended = HostDescriptor.Facts(kind: .file, isAppending: true)
  private var targets: [HostDescriptor.Facts] {
    let all = [tcp, local, pipe, file, device, appended]
    return all
      + all.map { target in
        var target = target
        target.isNonblocking.toggle()
        return target
      }
  }

  /// A row of the table: what is known, and what is chosen.
  private func choice(
    _ target: HostDescriptor.Facts, _ byteCount: Int, isResident: Bool = true, hasRing: Bool = true
  ) throws -> Rung {
    let facts = Facts(
      target: target, hasKernelDescriptors: true, byteCount: byteCount, isResident: isResident,
      hasRing: hasRing)
    return try TransferPlan.choose(.automatic, facts).rung
  }

  @Test func theTable() throws {
    let (small, large) = (LogLimits.ringByteCount - 1, LogLimits.ringByteCount)
    // Hot and small, by whatever it goes.
    for target in [tcp, local, device] { #expect(try choice(target, small) == .sendfile) }
    #expect(try choice(pipe, LogLimits.spliceByteCount - 1) == .sendfile)
    #expect(try choice(pipe, LogLimits.spliceByteCount) == .splice)
    // Large over the network.
    #expect(try choice(tcp, large) == .ring)
    #expect(try choice(local, large) == .sendfile)
    #expect(try choice(pipe, large) == .splice)
    // Cold, however small.
    for target in [tcp, local, pipe] {
      #expect(try choice(target, 1, isResident: false) == .ring)
      #expect(try choice(target, 1, isResident: false, hasRing: false) == .sendfile)
    }
    // Where a thread of the kernel's would have to wait for the receiver.
    for var target in [tcp, local, pipe] {
      target.isNonblocking = false
      let rung: Rung = target.kind == .pipe ? .splice : .sendfile
      #expect(try choice(target, large, isResident: false) == rung)
    }
    #expect(try choice(tcp, large, hasRing: false) == .sendfile)
    for isResident in [false, true] {
      #expect(try choice(file, large, isResident: isResident) == .fileRange)
      #expect(try choice(appended, large, isResident: isResident) == .copy)
      #expect(try choice(device, large, isResident: isResident) == .sendfile)
    }
  }

  /// What one call sends, whether it waits or not: nothing of it is known to be in memory yet.
  @Test func onTheSpot() {
    func way(
      _ target: HostDescriptor.Facts, _ byteCount: Int, header: Int = 0,
      _ transport: ZeroCopyReader.Transport = .automatic
    ) -> Rung? {
      TransferPlan.onTheSpot(
        transport, target, headerByteCount: header, sliceByteCount: byteCount)
    }
    let small = LogLimits.smallByteCount
    for isNonblocking in [false, true] {
      let all = [tcp, local, pipe, file, device, appended].map { target in
        var target = target
        target.isNonblocking = isNonblocking
        return target
      }
      let (tcp, local, pipe) = (all[0], all[1], all[2])
      // Few bytes over the network are copied, and a header with them.
      #expect(way(tcp, small) == .copy)
      #expect(way(tcp, small, header: small) == .copy)
      #expect(way(tcp, small + 1) == .sendfile)
      #expect(way(tcp, small, header: small + 1) == .sendfile)
      #expect(way(tcp, 1 << 30) == .sendfile)
      #expect(way(local, small) == .sendfile)
      #expect(way(local, 1 << 30) == .sendfile)
      #expect(way(pipe, LogLimits.spliceByteCount - 1) == .sendfile)
      #expect(way(pipe, LogLimits.spliceByteCount) == .splice)
      #expect(way(pipe, LogLimits.spliceByteCount - 1, header: 1) == .splice)
      // What is pinned holds, and to a socket a splice takes two calls.
      #expect(way(tcp, small, .sendfile) == .sendfile)
      #expect(way(pipe, LogLimits.spliceByteCount, .sendfile) == .sendfile)
      #expect(way(pipe, 1, .splice) == .splice)
      for target in [tcp, local] { #expect(way(target, 1, .splice) == nil) }
      for target in [tcp, local, pipe] {
        #expect(way(target, 1, .copy) == nil)
        #expect(way(target, 1, .copyFileRange) == nil)
      }
      // Files and devices are for those who may wait.
      for target in all[3...] { #expect(way(target, 1) == nil) }
    }
  }

  @Test func simulatedFilesAreCopied() async throws {
    for target in targets {
      let facts = Facts(
        target: target, hasKernelDescriptors: false, byteCount: 1 << 30, isResident: false,
        hasRing: true)
      let copy = TransferPlan(rung: .copy, mayFall: false)
      #expect(try TransferPlan.choose(.automatic, facts) == copy)
      #expect(try TransferPlan.choose(.copy, facts) == copy)
      for transport in [ZeroCopyReader.Transport.sendfile, .splice, .copyFileRange] {
        await expectFailure(.unsupported) { try TransferPlan.choose(transport, facts) }
      }
    }
  }

  @Test func whatIsPinnedStays() throws {
    for target in targets {
      for hasRing in [false, true] {
        let facts = Facts(
          target: target, hasKernelDescriptors: true, byteCount: 1, isResident: false,
          hasRing: hasRing)
        let choose = { (transport: ZeroCopyReader.Transport) in
          try TransferPlan.choose(transport, facts)
        }
        #expect(try choose(.sendfile) == TransferPlan(rung: .sendfile, mayFall: false))
        #expect(try choose(.copyFileRange) == TransferPlan(rung: .fileRange, mayFall: false))
        #expect(try choose(.copy) == TransferPlan(rung: .copy, mayFall: false))
        let isForRing = hasRing && target.isNonblocking && [.socket, .pipe].contains(target.kind)
        #expect(try choose(.splice).rung == (isForRing ? .ring : .splice))
      }
    }
  }

  @Test func onlyARefusalOfTheFirstByteLeadsToAnotherWay() {
    func next(_ rung: Rung, _ transport: ZeroCopyReader.Transport, _ errno: Errno) -> Rung? {
      let plan = TransferPlan(rung: rung, mayFall: true)
      #expect(plan.fallingBack(transport, after: errno, sentByteCount: 1) == nil)
      let pinned = TransferPlan(rung: rung, mayFall: false)
      #expect(pinned.fallingBack(transport, after: errno, sentByteCount: 0) == nil)
      return plan.fallingBack(transport, after: errno, sentByteCount: 0)?.rung
    }
    for errno in [Errno.invalid, .notImplemented, .notSupported] {
      #expect(next(.ring, .automatic, errno) == .sendfile)
      #expect(next(.ring, .splice, errno) == .splice)
      #expect(next(.fileRange, .automatic, errno) == .sendfile)
      #expect(next(.sendfile, .automatic, errno) == .copy)
      #expect(next(.splice, .automatic, errno) == .sendfile)
      #expect(next(.splice, .splice, errno) == nil)
      #expect(next(.copy, .automatic, errno) == nil)
    }
    for errno in [Errno.notPermitted, .noMemory, .tooManyFiles, .otherDevice] {
      #expect(next(.ring, .automatic, errno) == .sendfile)
      #expect(next(.fileRange, .automatic, errno) == .sendfile)
      #expect(next(.sendfile, .automatic, errno) == nil)
    }
    for errno in [Errno.brokenPipe, .inputOutput, .noSpace, .badDescriptor] {
      for rung in [Rung.ring, .fileRange, .sendfile] {
        #expect(next(rung, .automatic, errno) == nil)
      }
    }
  }
}
