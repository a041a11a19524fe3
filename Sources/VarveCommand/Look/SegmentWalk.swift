internal import Varve
internal import VarveSystem

/// Goes through a segment's file, batch by batch, with as much of it in memory as one batch needs.
struct SegmentWalk {
  enum Piece {
    /// A batch whose header can be read; nothing else of it has been looked at.
    case batch(BatchHeader, [UInt8])
    /// A message of before format version 2.
    case message([UInt8])
    /// Nothing but zeros up to the end: space that was allocated ahead, or was lost.
    case zeros(Int)
    /// Less than a batch: what a crash leaves, or what is just being written.
    case torn(Int)
    /// What is no batch.
    case broken(LogError)
  }

  private let file: OpenFile
  private let path: String
  let byteCount: Int
  private(set) var position: Int
  private var window: [UInt8] = []
  private var windowStart = 0

  /// Bytes that are read at a time.
  private static let windowByteCount = 1 << 20
  /// Bytes before what tells the format: an offset, a length, an epoch or checksum, the version.
  private static let prefixByteCount = 17

  init(_ path: String, _ look: Look, from position: Int = 0) throws(CommandError) {
    self.path = path
    file = try look.open(path)
    do throws(SystemError) { byteCount = try file.status().byteCount } catch {
      throw CommandError(error, path)
    }
    self.position = position
  }

  /// The next piece, and where it begins; nil at the end. Behind what is no batch the walk stays.
  mutating func next() throws(CommandError) -> (piece: Piece, position: Int)? {
    let start = position
    guard start < byteCount else { return nil }
    let head = try bytes(
      at: start, count: min(FormatLimits.batchHeaderByteCount, byteCount - start))
    guard head.count >= Self.prefixByteCount, !head.allSatisfy({ $0 == 0 }) else {
      return (try rest(from: start), start)
    }
    let length = Self.length(head)
    guard head[Self.prefixByteCount - 1] >= 2 else {
      return (try message(at: start, 12 + length), start)
    }
    let header: BatchHeader
    guard head.count == FormatLimits.batchHeaderByteCount else { return (.torn(head.count), start) }
    do throws(LogError) {
      header = try BatchHeader(parsing: head.span.bytes)
    } catch {
      return (.broken(error), start)
    }
    guard header.byteCount <= byteCount - start else { return (.torn(byteCount - start), start) }
    let batch = try bytes(at: start, count: header.byteCount)
    guard batch.count == header.byteCount else { return (.torn(batch.count), start) }
    position = start + header.byteCount
    return (.batch(header, batch), start)
  }

  /// Goes on elsewhere.
  mutating func move(to position: Int) { self.position = position }

  private static func length(_ head: [UInt8]) -> Int {
    Int(head[8..<12].reduce(Int32(0)) { $0 << 8 | Int32($1) })
  }

  private mutating func message(at start: Int, _ count: Int) throws(CommandError) -> Piece {
    guard count >= Self.prefixByteCount else {
      return .broken(LogError(.corrupt, "what is there is neither a batch nor a message"))
    }
    guard count <= byteCount - start else { return .torn(byteCount - start) }
    position = start + count
    return .message(try bytes(at: start, count: count))
  }

  /// What is left where no batch begins.
  private mutating func rest(from start: Int) throws(CommandError) -> Piece {
    var position = start
    while position < byteCount {
      let part = try bytes(at: position, count: min(Self.windowByteCount, byteCount - position))
      guard !part.isEmpty else { break }
      guard part.allSatisfy({ $0 == 0 }) else { return .torn(byteCount - start) }
      position += part.count
    }
    return .zeros(byteCount - start)
  }

  private mutating func bytes(at position: Int, count: Int) throws(CommandError) -> [UInt8] {
    let offset = position - windowStart
    if offset >= 0, offset + count <= window.count { return Array(window[offset..<offset + count]) }
    do throws(SystemError) {
      window = try file.bytes(
        at: position, count: min(max(count, Self.windowByteCount), byteCount - position))
    } catch {
      throw CommandError(error, path)
    }
    windowStart = position
    return Array(window.prefix(count))
  }
}

extension SegmentWalk {
  /// Where the next batch begins that is whole, by its checksum too, and of which the offset may come
  /// here; nil where none does.
  mutating func resume(after start: Int, from offset: Offset) throws(CommandError) -> Int? {
    var candidate = start + 1
    while candidate + FormatLimits.batchHeaderByteCount <= byteCount {
      let part = try bytes(
        at: candidate, count: min(Self.windowByteCount, byteCount - candidate))
      for index in part.indices.dropLast(FormatLimits.batchHeaderByteCount - 1) {
        guard part[index + Self.prefixByteCount - 1] == 2 else { continue }
        if try isBatch(at: candidate + index, from: offset) { return candidate + index }
      }
      candidate += max(1, part.count - FormatLimits.batchHeaderByteCount + 1)
    }
    return nil
  }

  private func isBatch(at position: Int, from offset: Offset) throws(CommandError) -> Bool {
    do throws(SystemError) {
      let head = try file.bytes(at: position, count: FormatLimits.batchHeaderByteCount)
      guard let header = try? BatchHeader(parsing: head.span.bytes), header.baseOffset >= offset,
        header.byteCount <= byteCount - position
      else { return false }
      let batch = try file.bytes(at: position, count: header.byteCount)
      let view = try? RecordBatch(validating: batch, as: .log)
      return view != nil
    } catch {
      throw CommandError(error, path)
    }
  }
}
