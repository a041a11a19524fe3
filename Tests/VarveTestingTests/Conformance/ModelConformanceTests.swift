import Testing
import VarveSystem
import VarveTesting

/// Random calls, and what each file system makes of them: the same.
@Suite struct ModelConformanceTests {
  /// Calls on four files of three names, two of which may be open and one mapped.
  private final class Walk {
    let place: Place
    var random: SplitMix
    var log: [String] = []
    private var open: [Descriptor] = []
    private var mapping: Mapping?

    init(_ place: Place, seed: UInt64) {
      self.place = place
      random = SplitMix(seed: seed)
    }

    private func anyPath() -> String {
      place(["a", "b", "d", "d/a", "d/b", "e/a"][random.number(below: 6)])
    }

    func run(_ count: Int) {
      for _ in 0..<count { step() }
      mapping = nil
      for descriptor in open { place.files.close(descriptor) }
    }

    private func note(_ what: String, _ call: () throws -> String) {
      do {
        log.append("\(what): \(try call())")
      } catch {
        log.append("\(what): \(error)")
      }
    }

    private func note(_ what: String, _ call: () throws -> Void) {
      note(what) {
        try call()
        return "done"
      }
    }

    private func step() {
      let files = place.files
      let position = random.number(below: 6 * page)
      let byte = UInt8(random.number(below: 255)) + 1
      switch random.number(below: 14) {
      case 0, 1:
        let modes: [OpenMode] = [.reading, .writing, .creating, .writingOrCreating]
        let (path, mode) = (anyPath(), modes[random.number(below: 4)])
        note("open \(mode)") {
          open.append(try files.open(path, mode))
          return ""
        }
      case 2 where open.count > 2: files.close(open.removeFirst())
      case 3:
        let (from, to) = (anyPath(), anyPath())
        note("rename") { try files.rename(from, to: to) }
      case 4:
        let path = anyPath()
        note("unlink") { try files.unlink(path) }
      case 5:
        let path = place(["d", "e", "a"][random.number(below: 3)])
        note("mkdir") { try files.makeDirectory(path) }
      case 6:
        let path = anyPath()
        note("list") { "\(try files.list(path).sorted())" }
        note("contents") { "\(try files.contents(of: path).summary)" }
      default: stepOnOpenFile(position, byte)
      }
    }

    private func stepOnOpenFile(_ position: Int, _ byte: UInt8) {
      let files = place.files
      guard let descriptor = open.last else { return }
      let count = random.number(below: 2 * page)
      switch random.number(below: 7) {
      case 0, 1:
        let bytes = [UInt8](repeating: byte, count: count)
        note("write") { try files.write(bytes, to: descriptor, at: position) }
      case 2: note("truncate") { try files.truncate(descriptor, to: position) }
      case 3:
        note("allocate") { try files.allocate(descriptor, position..<position + count) }
      case 4: note("read") { "\(try files.read(descriptor, count, at: position).summary)" }
      case 5: note("sync") { try files.syncData(descriptor) }
      default:
        note("map") {
          let byteCount = try files.status(of: descriptor).byteCount
          let mapping = try files.map(descriptor, byteCount: 8 * page)
          if byteCount > 0 { mapping.store([byte], at: position % byteCount) }
          self.mapping = mapping
          return "\(mapping.load(0..<byteCount).summary)"
        }
      }
      note("status") {
        let status = try files.status(of: descriptor)
        return "\(status.kind) \(status.kind == .file ? status.byteCount : 0)"
      }
    }
  }

  @Test(arguments: 0..<30) func allMakeTheSameOfRandomCalls(seed: UInt64) throws {
    let logs = try Subject.allCases.map { subject in
      let walk = Walk(try subject.makePlace(), seed: seed)
      walk.run(300)
      return walk.log
    }
    for (subject, log) in zip(Subject.allCases, logs).dropLast() {
      for (index, (real, simulated)) in zip(log, logs[2]).enumerated() where real != simulated {
        Issue.record("step \(index) on \(subject): \(real), simulated \(simulated)")
        break
      }
      #expect(log.count == logs[2].count)
    }
    #expect(logs[2].count > 200)
  }
}

extension [UInt8] {
  /// Enough to tell two of them apart.
  fileprivate var summary: String {
    "\(count) \(reduce(UInt64(7)) { $0 &* 31 &+ UInt64($1) })"
  }
}
