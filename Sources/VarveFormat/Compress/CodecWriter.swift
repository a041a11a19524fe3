/// Compresses. It keeps what its library needs from one stream to the next.
protocol CodecWriter: AnyObject {
  /// Appends a stream to `output` that `bytes`, of which there are 2³⁰ at the most, come out of.
  func compress(_ bytes: RawSpan, into output: inout GrowingBytes) throws(LogError)
}
