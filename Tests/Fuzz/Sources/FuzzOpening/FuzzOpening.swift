import FuzzSupport
import Varve
import VarveTesting

/// A directory of arbitrary files, mostly a log that somebody has damaged: it is read, opened, read
/// in all ways, appended to, and opened again.
///
/// Whatever the files are, there is an answer. What a log has served once it was opened, it serves from
/// then on or says that it is lost; a record that it has taken is there in its next life.
@main struct FuzzOpening: FuzzTarget {
  /// What one batch may become at the most when it is decompressed, and the rest.
  static var heldByteCount: Int { 160 << 20 }

  /// So many changes show what there is to see; more only take longer.
  private static let mostChanges = 64

  static func test(_ input: inout FuzzInput) {
    let sound = input.element(of: SoundLog.all)
    let choices = input.integer(UInt8.self)
    var files = Files(of: sound.disk)
    var changeCount = 0
    while input.remainingCount > 0, changeCount < mostChanges {
      files.change(&input)
      changeCount += 1
    }
    let life = LogLife(
      disk: sound.disk.fork(), tailWriter: choices & 1 == 0 ? .mapped : .positional,
      end: LogLife.End.allCases[Int(choices >> 1) % LogLife.End.allCases.count])
    files.apply(to: life.disk)
    life.checkReading()
    life.checkWriting()
  }
}
