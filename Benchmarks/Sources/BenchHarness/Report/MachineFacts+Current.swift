internal import Glibc

extension MachineFacts {
  /// Those of this machine, now.
  static func current(with others: [String: String] = [:]) -> MachineFacts {
    MachineFacts(
      processor: processorName ?? "unknown processor",
      cores: sysconf(Int32(_SC_NPROCESSORS_ONLN)),
      kernel: firstLine(of: "/proc/sys/kernel/osrelease").map(kernelVersion) ?? "unknown",
      pageSize: sysconf(Int32(_SC_PAGESIZE)),
      swift: CompilerVersion.current ?? "\(_SwiftStdlibVersion.current)",
      isOptimized: BuildMode.isOptimized,
      date: date,
      governor: firstLine(of: "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
      load: load,
      others: others)
  }

  private static var processorName: String? {
    // Other architectures than x86 have other names for it, or none.
    let lines = TextFile.read("/proc/cpuinfo")?.split(separator: "\n") ?? []
    let line = lines.first { $0.hasPrefix("model name") || $0.hasPrefix("CPU part") }
    return line?.split(separator: ": ", maxSplits: 1).last.map(String.init)
  }

  /// The first two numbers of a kernel's release: the rest says who built it, and for which machine.
  static func kernelVersion(ofRelease release: String) -> String {
    release.prefix { $0.isNumber || $0 == "." }.split(separator: ".").prefix(2)
      .joined(separator: ".")
  }

  private static func firstLine(of path: String) -> String? {
    TextFile.read(path)?.split(separator: "\n").first.map(String.init)
  }

  private static var load: Double? {
    var load = 0.0
    return getloadavg(&load, 1) == 1 ? load : nil
  }

  private static var date: String {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { text in
      strftime(text.baseAddress, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
      return text.baseAddress.map { String(cString: $0) } ?? ""
    }
  }
}
