/// How much memory a process takes beyond what it had, at the most.
public final class MemoryWatch {
  private var before: Int?
  /// The most so far; nil where the kernel does not say.
  public private(set) var peakByteCount: Int?

  /// Nothing was watched yet.
  public init() {}

  /// Begins to watch.
  public func begin() {
    // From here on the kernel looks for a new peak.
    try? TextFile.write("5", to: "/proc/self/clear_refs")
    before = Self.byteCount("VmRSS:")
  }

  /// Takes into account what was used since then.
  public func end() {
    guard let before, let peak = Self.byteCount("VmHWM:") else { return }
    peakByteCount = max(peakByteCount ?? 0, peak - before)
    self.before = nil
  }

  static func byteCount(_ name: String) -> Int? {
    guard let status = TextFile.read("/proc/self/status") else { return nil }
    for line in status.split(separator: "\n") where line.hasPrefix(name) {
      let digits = line.dropFirst(name.count).filter(\.isNumber)
      return Int(digits).map { $0 << 10 }
    }
    return nil
  }
}
