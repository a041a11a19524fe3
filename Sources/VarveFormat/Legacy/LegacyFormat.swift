/// The format of a message from before Kafka 0.11, by its version.
public enum LegacyFormat: Int8, CaseIterable, Sendable, Hashable {
  /// Without timestamps; compressed messages keep their offsets.
  case version0 = 0
  /// With timestamps; compressed messages number themselves from 0.
  case version1 = 1
}

extension LegacyFormat {
  /// Bytes of a message without key and value, as its length field counts them.
  var overhead: Int { self == .version0 ? 14 : 22 }

  /// Where a message's key begins, with its length.
  var keyPosition: Int { self == .version0 ? 18 : 26 }
}
