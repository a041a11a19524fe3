internal import VarveSystem

// A log in a store says that it is open with the first change of it, and not when it is opened: of ten
// thousand logs that are opened, few are written to at once, and to say so costs a sync.
//
// Until then its files are as a close left them, and the next opening takes them so, whatever becomes of
// this process. So whoever changes anything that an opening goes by calls `sayOpen` before. The log has no
// file to write to, and no spare, until it has been said.

extension Log {
  /// Says in the side file that the log is open, if that is held back. When this returns, it is on the
  /// device. For whoever has one of the locks without which the log is not closed.
  func sayOpen() throws(LogError) {
    do throws(SystemError) {
      try sideFile?.sayOpen()
    } catch {
      throw LogError(error, "note that \(directory) is open")
    }
  }

  /// The same, for whoever has none of them: who waits for one of these does not wait for the device.
  func sayOpenSoon() throws(LogError) {
    guard sideFile?.holdsBack == true else { return }
    try sealing.withLock { _ throws(LogError) in
      // Of a log that was closed meanwhile, whoever wants to append hears it.
      guard directoryLock?.isHeld == true else { return }
      try sayOpen()
      // Until there is more to be said of it.
      sideFile?.rest()
    }
  }

  /// Whether it has been said, for maintenance, which waits for no device: it has that done, and is woken
  /// again.
  func hasSaidOpen() -> Bool {
    guard let sideFile, sideFile.holdsBack else { return true }
    runtime.syncers.perform { [self] in
      do throws(LogError) {
        try sayOpenSoon()
        if !runtime.isStepped { wakeMaintenance() }
      } catch {
        tell(.maintenanceFailed(error))
      }
      if !runtime.isStepped { flushEvents() }
    }
    return !sideFile.holdsBack
  }
}
