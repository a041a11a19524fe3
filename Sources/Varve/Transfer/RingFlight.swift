internal import VarveSystem

/// What a ring was asked to do for a transfer, and what became of it: to fill a pipe from the file, to
/// send what lies in it, or both, one after the other.
struct RingFlight {
  enum Part {
    case notAskedFor, underWay
    case done(Ring.Completion.Outcome)

    fileprivate var isUnderWay: Bool { if case .underWay = self { true } else { false } }

    /// Whether the descriptor had no room.
    var isForWantOfRoom: Bool { if case .done(.failed(.again)) = self { true } else { false } }

    /// How many bytes were moved; nil where it came to nothing, and nothing is wrong.
    var movedByteCount: Int? {
      get throws(SystemError) {
        switch self {
        case .done(.moved(let count)): return count
        case .done(.failed(.again)), .done(.failed(.interrupted)): return nil
        case .done(.failed(let errno)): throw SystemError(.splice, errno)
        case .done(.cancelled), .notAskedFor, .underWay: return nil
        }
      }
    }
  }

  /// Which one it is: its requests have tags of their own.
  let number: Ring.Tag
  /// Whether it may wait for a device.
  let isCold: Bool
  var fill = Part.notAskedFor
  var send = Part.notAskedFor

  var fillTag: Ring.Tag { number << 1 }
  var sendTag: Ring.Tag { number << 1 | 1 }
  static func number(of tag: Ring.Tag) -> Ring.Tag { tag >> 1 }

  /// Whether the kernel has let go of file, pipe and descriptor.
  var hasLanded: Bool { !fill.isUnderWay && !send.isUnderWay }

  /// The requests that are under way.
  var openTags: [Ring.Tag] {
    (fill.isUnderWay ? [fillTag] : []) + (send.isUnderWay ? [sendTag] : [])
  }

  mutating func note(_ completion: Ring.Completion) {
    if completion.tag == fillTag {
      fill = .done(completion.outcome)
    } else {
      send = .done(completion.outcome)
    }
  }
}
