import CLinuxForTests
import Glibc
import Testing
import VarveSystem

/// What is not ours goes where it went before. Each test is a process of its own.
@Suite struct HostHandlerTests {
  @Test func withoutAHandlerAFaultKills() async {
    await #expect(processExitsWith: .signal(SIGBUS)) {
      try #require(linux_default(SIGBUS, 0) == 0)
      try #require(try StoreGuard.install())
      let mapped = try MappedFile(pages: 1)
      mapped.store(1, at: MappedFile.page)
    }
  }

  /// SA_SIGINFO says how a handler is called, and here there is none.
  @Test func flagsWithoutAHandlerCallNobody() async {
    await #expect(processExitsWith: .signal(SIGBUS)) {
      try #require(linux_default(SIGBUS, SA_SIGINFO) == 0)
      try #require(try StoreGuard.install())
      let mapped = try MappedFile(pages: 1)
      mapped.store(1, at: MappedFile.page)
    }
  }

  /// Nor is a fault survived by ignoring it.
  @Test func anIgnoredFaultKills() async {
    await #expect(processExitsWith: .signal(SIGBUS)) {
      try #require(linux_ignore(SIGBUS) == 0)
      try #require(try StoreGuard.install())
      let mapped = try MappedFile(pages: 1)
      mapped.store(1, at: MappedFile.page)
    }
  }

  @Test func faultsElsewhereKill() async {
    await #expect(processExitsWith: .signal(SIGBUS)) {
      try #require(linux_default(SIGBUS, 0) == 0)
      try #require(try StoreGuard.install())
      let mapped = try MappedFile(pages: 2)
      mapped.arm(0..<2 * MappedFile.page)
      mapped.store(1, at: 2 * MappedFile.page)
    }
  }

  @Test func faultsAfterDisarmingKill() async {
    await #expect(processExitsWith: .signal(SIGBUS)) {
      try #require(linux_default(SIGBUS, 0) == 0)
      try #require(try StoreGuard.install())
      let mapped = try MappedFile(pages: 2)
      mapped.arm()
      mapped.store(1, at: 2 * MappedFile.page)
      try #require(StoreGuard.disarm() == 1)
      mapped.store(1, at: 3 * MappedFile.page)
    }
  }

  @Test func faultsOfOtherThreadsKill() async {
    await #expect(processExitsWith: .signal(SIGBUS)) {
      try #require(linux_default(SIGBUS, 0) == 0)
      try #require(try StoreGuard.install())
      let mapped = try MappedFile(pages: 1)
      mapped.arm()
      let thread = try OwnedThread(named: "varve-test") { mapped.store(1, at: MappedFile.page) }
      thread.join()
    }
  }

  /// As documented: the kernel asks nobody.
  @Test func aFaultOnAThreadThatBlocksTheSignalKills() async {
    await #expect(processExitsWith: .signal(SIGBUS)) {
      try #require(linux_default(SIGBUS, 0) == 0)
      try #require(try StoreGuard.install())
      try #require(linux_block(SIGBUS) == 0)
      let mapped = try MappedFile(pages: 1)
      mapped.arm()
      mapped.store(1, at: MappedFile.page)
    }
  }

  @Test func anEarlierHandlerIsCalled() async {
    await #expect(processExitsWith: .exitCode(42)) {
      try #require(linux_exit_on(SIGBUS, 42, 0) == 0)
      try #require(try StoreGuard.install())
      let mapped = try MappedFile(pages: 1)
      mapped.store(1, at: MappedFile.page)
    }
    await #expect(processExitsWith: .exitCode(43)) {
      try #require(linux_plain_exit_on(SIGBUS, 43) == 0)
      try #require(try StoreGuard.install())
      let mapped = try MappedFile(pages: 1)
      mapped.arm(0..<1)
      mapped.store(1, at: MappedFile.page)
    }
  }

  /// A handler that is to be called once is called once: what comes after it kills.
  @Test func aHandlerForOneCallIsCalledOnce() async {
    await #expect(processExitsWith: .signal(SIGBUS)) {
      try #require(linux_count(SIGBUS, Int32(bitPattern: SA_RESETHAND)) == 0)
      try #require(try StoreGuard.install())
      let mapped = try MappedFile(pages: 1)
      mapped.store(1, at: MappedFile.page)
    }
    await #expect(processExitsWith: .success) {
      try #require(linux_count(SIGBUS, Int32(bitPattern: SA_RESETHAND)) == 0)
      try #require(try StoreGuard.install())
      try #require(pthread_kill(pthread_self(), SIGBUS) == 0)
      try #require(linux_signal_count() == 1)
      try #require(!StoreGuard.isInstalled)
    }
  }

  /// One that came later may pass on to ours: ours in front of it again would be a circle.
  @Test func aLaterHandlerStays() async {
    await #expect(processExitsWith: .exitCode(44)) {
      try #require(try StoreGuard.install())
      try #require(linux_exit_on(SIGBUS, 44, 0) == 0)
      try #require(!StoreGuard.isInstalled)
      try #require(try !StoreGuard.install())
      try #require(!StoreGuard.isInstalled)
      let mapped = try MappedFile(pages: 1)
      mapped.arm()
      mapped.store(1, at: MappedFile.page)
    }
  }

  /// What another process or thread sends is no fault, whatever is armed.
  @Test func aSentSignalGoesToTheHost() async {
    await #expect(processExitsWith: .success) {
      try #require(linux_count(SIGBUS, 0) == 0)
      try #require(try StoreGuard.install())
      let mapped = try MappedFile(pages: 1)
      mapped.arm()
      let sent = kill(getpid(), SIGBUS)
      // Any thread of the process may get it, and at any time.
      while linux_signal_count() == 0 { usleep(500) }
      let faults = StoreGuard.disarm()
      try #require(sent == 0)
      try #require(faults == 0)
      try #require(linux_signal_count() == 1)

      mapped.arm()
      mapped.store(1, at: MappedFile.page)
      try #require(StoreGuard.disarm() == 1)
      try #require(linux_signal_count() == 1)
      try #require(StoreGuard.isInstalled)
    }
  }

  @Test func aSentSignalKillsWhereItWouldHave() async {
    await #expect(processExitsWith: .signal(SIGBUS)) {
      try #require(linux_default(SIGBUS, 0) == 0)
      try #require(try StoreGuard.install())
      try #require(pthread_kill(pthread_self(), SIGBUS) == 0)
    }
  }

  @Test func aSentSignalIsIgnoredWhereItWasAndTheGuardStays() async {
    await #expect(processExitsWith: .success) {
      try #require(linux_ignore(SIGBUS) == 0)
      try #require(try StoreGuard.install())
      try #require(pthread_kill(pthread_self(), SIGBUS) == 0)
      try #require(StoreGuard.isInstalled)
      let mapped = try MappedFile(pages: 1)
      mapped.arm()
      mapped.store(1, at: MappedFile.page)
      try #require(StoreGuard.disarm() == 1)
    }
  }

  /// A handler that counts on not being interrupted by its own signal is not.
  @Test func theHostsHandlerBlocksWhatItAskedFor() async {
    await #expect(processExitsWith: .success) {
      try #require(linux_count(SIGBUS, 0) == 0)
      try #require(try StoreGuard.install())
      try #require(pthread_kill(pthread_self(), SIGBUS) == 0)
      try #require(linux_signal_count() == 1)
      try #require(linux_was_blocked_in_handler() == 1)
      try #require(!OwnedThread.blocks(signal: SIGBUS))
    }
    await #expect(processExitsWith: .success) {
      try #require(linux_count(SIGBUS, SA_NODEFER) == 0)
      try #require(try StoreGuard.install())
      try #require(pthread_kill(pthread_self(), SIGBUS) == 0)
      try #require(linux_signal_count() == 1)
      try #require(linux_was_blocked_in_handler() == 0)
    }
  }
}
