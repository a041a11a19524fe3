/// What an acknowledgement means.
public enum Durability: Hashable, Sendable {
  /// Every reader sees the records. A process that is killed does not lose them; a power cut may.
  case published
  /// The records are on the device, and recovery finds them there.
  case durable
}
