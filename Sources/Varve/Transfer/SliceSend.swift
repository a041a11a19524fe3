/// A slice that is to be sent, and where to.
public struct SliceSend: Sendable {
  /// What to send.
  public var slice: LogSlice
  /// Where to. It must stay open, and blocking or not as it is, until it has been sent.
  public var target: SendTarget
  /// What goes before the slice, and leaves together with it.
  public var header: [UInt8]
  /// Told how far it has come. If that is not the start, the send goes on from there.
  public var progress: TransferProgress?

  /// Describes a send to a descriptor.
  public init(
    _ slice: LogSlice, header: [UInt8] = [], to descriptor: Int32,
    progress: TransferProgress? = nil
  ) {
    self.init(
      slice, header: header, to: SendTarget(askedEachTime: descriptor), progress: progress)
  }

  /// Describes a send to a descriptor that stays what it is.
  public init(
    _ slice: LogSlice, header: [UInt8] = [], to target: SendTarget,
    progress: TransferProgress? = nil
  ) {
    self.slice = slice
    self.header = header
    self.target = target
    self.progress = progress
  }

  /// Where to: set, it is found out anew what it is.
  public var descriptor: Int32 {
    get { target.descriptor }
    set { target = SendTarget(askedEachTime: newValue) }
  }

  /// Of header and slice together.
  var byteCount: Int { header.count + slice.byteCount }
}
