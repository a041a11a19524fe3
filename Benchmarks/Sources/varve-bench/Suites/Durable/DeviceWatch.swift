import BenchHarness

/// What samples cost the device, and how often it was synced.
final class DeviceWatch {
  private let device: BlockDevice
  private var start: (device: BlockDevice.Counts?, syncs: UInt64) = (nil, 0)
  private var total = BlockDevice.Counts()
  private var syncs: UInt64 = 0
  private var payload = 0
  private var records = 0
  /// Whether the kernel has told what it was asked.
  private var isKnown = true

  init(_ directory: WorkDirectory) {
    device = BlockDevice(of: directory.path)
  }

  func begin() { start = (device.counts, SyncCalls.count) }

  func end(records: Int, byteCount: Int) {
    self.records += records
    payload += byteCount
    syncs += SyncCalls.count - start.syncs
    guard let before = start.device, let after = device.counts else {
      isKnown = false
      return
    }
    total.writtenBytes += after.writtenBytes - before.writtenBytes
    total.flushes += after.flushes - before.flushes
  }

  static let recordsPerSync = "records/sync"
  static let bytesPerByte = "device bytes/byte"
  static let flushesPerSync = "flushes/sync"

  func tallies(of who: String = "") -> [Tally] {
    [
      Tally(Self.recordsPerSync + who) { [self] in Double(records) / Double(max(1, syncs)) },
      Tally(Self.bytesPerByte + who) { [self] in
        isKnown ? Double(total.writtenBytes) / Double(max(1, payload)) : nil
      },
      Tally(Self.flushesPerSync + who) { [self] in
        isKnown ? Double(total.flushes) / Double(max(1, syncs)) : nil
      },
    ]
  }
}
