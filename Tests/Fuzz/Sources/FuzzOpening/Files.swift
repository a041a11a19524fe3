import FuzzSupport
import Varve
import VarveTesting

/// The files of a directory, and what is done to them.
struct Files {
  private var bytes: [String: [UInt8]]
  /// In an order that is the same each time.
  private var names: [String]
  /// Those that are not as they were, and whether they say so.
  private var keepsTime: [String: Bool] = [:]

  init(of disk: SimulatedFileSystem) {
    bytes = disk.files(in: SoundLog.directory)
    names = bytes.keys.sorted()
  }

  func apply(to disk: SimulatedFileSystem) {
    for (name, keepsTime) in keepsTime {
      let path = SoundLog.directory + "/" + name
      Story.tell("\(name): \(bytes[name]?.count ?? -1) bytes, keeps its time: \(keepsTime)")
      do throws(LogError) {
        if let bytes = bytes[name] {
          try disk.write(bytes, to: path, keepsTime: keepsTime)
        } else if disk.files(in: SoundLog.directory)[name] != nil {
          try disk.remove(path)
        }
      } catch {
        fail("\(path) cannot be changed: \(error)")
      }
    }
  }
}

// MARK: Changes

extension Files {
  /// The most zeros that are added at a time.
  private static let zeroCounts = [1, 61, 512, 4096, 8192]

  /// Changes one thing.
  mutating func change(_ input: inout FuzzInput) {
    let kind = input.choice(16)
    let keepsTime = kind & 1 == 0
    Story.tell("change of kind \(kind)")
    switch kind {
    case 0: put(FileName.any(&input), input.someBytes(), keepsTime)
    case 1: put(FileName.any(&input), someFile(&input).bytes, keepsTime)
    case 2: remove(&input)
    case 3, 4, 5:
      edit(&input, keepsTime) { bytes, input in
        guard !bytes.isEmpty else { return }
        bytes[Self.position(in: bytes, &input)] ^= 1 << UInt8(input.choice(8))
      }
    case 6, 7:
      edit(&input, keepsTime) { bytes, input in
        let position = Self.position(in: bytes, &input)
        let new = input.bytes(input.choice(32))
        for (index, byte) in new.enumerated() where position + index < bytes.count {
          bytes[position + index] = byte
        }
      }
    case 8: edit(&input, keepsTime) { $0 = Array($0.prefix(Self.position(in: $0, &$1))) }
    case 9: edit(&input, keepsTime) { $0 += $1.someBytes() }
    case 10:
      edit(&input, keepsTime) {
        $0 += [UInt8](repeating: 0, count: $1.element(of: Self.zeroCounts))
      }
    case 11, 12:
      edit(&input, keepsTime, suffix: ".log") { bytes, input in
        Batches.setField(in: &bytes, &input)
      }
    case 13:
      let other = someFile(&input, suffix: ".log").bytes
      edit(&input, keepsTime, suffix: ".log") { bytes, input in
        Batches.splice(&bytes, from: other, &input)
      }
    case 14:
      edit(&input, keepsTime, suffix: ".side") { bytes, input in
        SideFields.setField(in: &bytes, &input)
      }
    default:
      edit(&input, keepsTime, suffix: ".snapshot") { bytes, input in
        Snapshots.setField(in: &bytes, &input)
      }
    }
  }

  /// Any place in a file, near its beginning more often than elsewhere.
  private static func position(in bytes: [UInt8], _ input: inout FuzzInput) -> Int {
    guard !bytes.isEmpty else { return 0 }
    let kind = input.choice(4)
    let number = kind == 0 ? Int(input.integer(UInt16.self)) : input.choice(256)
    return kind == 1 ? max(0, bytes.count - 1 - number) : number % bytes.count
  }

  private func someFile(
    _ input: inout FuzzInput, suffix: String = ""
  ) -> (name: String, bytes: [UInt8]) {
    let choice = input.choice(256)
    let suited = names.filter { $0.hasSuffix(suffix) }
    guard !suited.isEmpty else { return (FileName.any(&input), []) }
    let name = suited[choice % suited.count]
    return (name, bytes[name] ?? [])
  }

  private mutating func edit(
    _ input: inout FuzzInput, _ keepsTime: Bool, suffix: String = "",
    _ body: (inout [UInt8], inout FuzzInput) -> Void
  ) {
    var (name, bytes) = someFile(&input, suffix: suffix)
    body(&bytes, &input)
    put(name, bytes, keepsTime)
  }

  private mutating func put(_ name: String, _ new: [UInt8], _ keepsTime: Bool) {
    if bytes.updateValue(new, forKey: name) == nil { names = bytes.keys.sorted() }
    self.keepsTime[name] = keepsTime && self.keepsTime[name] ?? true
  }

  private mutating func remove(_ input: inout FuzzInput) {
    let name = someFile(&input).name
    bytes[name] = nil
    names = bytes.keys.sorted()
    keepsTime[name] = false
  }
}
