internal import Varve
internal import VarveSystem

/// Shows how far long work has come, where a person looks.
final class ProgressBar: Sendable {
  private let shell: Shell
  private let title: String
  private let total: Int
  private let shown = Lock(-1)

  private static let width = 30

  init(_ title: String, of total: Int, in shell: Shell) {
    self.shell = shell
    self.title = title
    self.total = max(1, total)
  }

  func show(_ done: Int) {
    guard shell.showsProgress else { return }
    let percent = min(100, done * 100 / total)
    let isNew = shown.withLock { shown in
      defer { shown = percent }
      return shown != percent
    }
    guard isNew else { return }
    let filled = percent * Self.width / 100
    let bar =
      String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
    shell.errors.write("\r\(title) [\(bar)] \(percent)%")
  }

  /// Takes the bar away.
  func end() {
    guard shell.showsProgress, shown.withLock({ $0 >= 0 }) else { return }
    shell.errors.write("\r" + String(repeating: " ", count: title.count + Self.width + 8) + "\r")
  }
}
