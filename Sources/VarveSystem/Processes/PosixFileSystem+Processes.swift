internal import CVarveSystem

extension PosixFileSystem {
  package func currentProcess() throws(SystemError) -> ProcessIdentity {
    let number = varve_process_id()
    return ProcessIdentity(
      number: number, startTicks: try status(ofProcess: number).startTicks,
      hostName: try hostName(), bootID: try bootID())
  }

  package func hasEnded(_ process: ProcessIdentity) -> Bool {
    // Zero and less are groups of processes.
    guard process.number > 0, process.bootID == (try? bootID()),
      process.hostName == (try? hostName())
    else { return false }
    do throws(SystemError) {
      _ = try SystemCall.findProcess.perform { varve_find_process(process.number) }
    } catch {
      guard error.errno == .notPermitted else { return error.errno == .noSuchProcess }
    }
    // What others do not show of themselves is taken for what it was.
    guard let status = try? status(ofProcess: process.number) else { return false }
    return status.hasEnded || status.startTicks != process.startTicks
  }

  private func status(ofProcess number: Int32) throws(SystemError) -> ProcessStatus {
    // The line has 52 fields, most of them short.
    var text = [UInt8](repeating: 0, count: 2048)
    // SAFETY: as many bytes as the call is told.
    let count = try SystemCall.processStatus.perform {
      unsafe text.withUnsafeMutableBytes { bytes in
        unsafe varve_process_status(
          number, bytes.assumingMemoryBound(to: CChar.self).baseAddress, bytes.count)
      }
    }
    let line = String(decoding: text[..<Int(count)], as: UTF8.self)
    guard let status = ProcessStatus(parsing: line) else {
      throw SystemError(.processStatus, .invalid)
    }
    return status
  }

  private func hostName() throws(SystemError) -> String {
    var text = InlineArray<65, CChar>(repeating: 0)
    var name = ""
    // SAFETY: 65 bytes, as the call asks for; it ends them with a zero.
    _ = try SystemCall.hostName.perform {
      unsafe withUnsafeMutableBytes(of: &text) { bytes in
        let start = unsafe bytes.assumingMemoryBound(to: CChar.self).baseAddress.unsafelyUnwrapped
        let done = unsafe varve_host_name(start)
        if done >= 0 { name = unsafe String(cString: start) }
        return done
      }
    }
    return name
  }
}
