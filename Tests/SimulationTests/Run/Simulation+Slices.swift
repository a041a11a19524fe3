import Varve
import VarveTesting

/// A slice that is kept, and what it was when it was taken.
struct HeldSlice {
  let slice: LogSlice
  let bytes: [UInt8]
}

// Slices that are held while the log goes on: their bytes stay what they are, and when they are let
// go of, the space of files that lost their names is given back.

extension Simulation {
  private static let heldCount = 4

  /// Takes a slice from somewhere, and keeps it.
  func hold(seed: UInt64) throws {
    let log = try openIfNeeded()
    var random = SplitMix(seed: seed)
    guard let offset = offset(in: log, using: &random) else { return }
    let slice = try inPhase(.reading) {
      try ZeroCopyReader(log).slice(
        from: .offset(offset), maximumByteCount: random.number(below: settings.segmentByteCount))
    }
    guard let slice, slice.offsets.contains(offset) else {
      throw SimulationFailure("no slice holds \(offset), which lies before the log's end")
    }
    let bytes = try bytes(of: slice)
    if held.count == Self.heldCount { held.removeFirst() }
    held.append(HeldSlice(slice: slice, bytes: bytes))
  }

  func bytes(of slice: LogSlice) throws -> [UInt8] {
    try slice.withBytes { bytes throws(LogError) in
      (0..<bytes.byteCount).map { unsafe bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }
  }

  /// Compares the slices that are held, after something that must not have changed them.
  func checkHeld(_ state: NamedState) throws {
    guard !held.isEmpty, !fileSystem.isStopped else { return }
    try inspect {
      for one in held {
        try require(
          try bytes(of: one.slice) == one.bytes,
          "\(one.slice) is not what it was: \(state.rawValue)")
      }
    }
    coverage.note(state)
  }

  /// Lets go of all slices that are held.
  func release() throws {
    try checkHeld(.slicesReleased)
    held = []
    if life == nil { try expectNothingOpen() }
  }
}
