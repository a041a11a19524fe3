import CVarveBytes
import Testing
import VarveFormat

/// A way to compute the checksum, of those that this architecture has.
enum CRC32CVariant: String, CaseIterable, CustomTestStringConvertible {
  case table
  #if arch(x86_64)
    case sse42, pclmul, vpclmul
  #elseif arch(arm64)
    case armv8
  #endif

  var named: varve_crc32c_variant {
    switch self {
    case .table: .table
    #if arch(x86_64)
      case .sse42: .sse42
      case .pclmul: .pclmul
      case .vpclmul: .vpclmul
    #elseif arch(arm64)
      case .armv8: .armv8
    #endif
    }
  }

  var isSupported: Bool { varve_crc32c_supported(named) }

  var testDescription: String { rawValue }

  /// Ends a test case of a variant that the machine lacks. Since the console says nothing of
  /// cancelled cases, `CRC32CDispatchTests.untested` warns of them.
  func require() throws {
    if !isSupported { try Test.cancel("this machine can't run \(rawValue)") }
  }

  func checksum(of bytes: UnsafeRawBufferPointer, continuing checksum: UInt32 = 0) -> UInt32 {
    varve_crc32c_with(named, checksum, bytes.baseAddress, bytes.count)
  }

  func checksum(of bytes: [UInt8], continuing checksum: UInt32 = 0) -> UInt32 {
    bytes.withUnsafeBytes { self.checksum(of: $0, continuing: checksum) }
  }

  func combine(_ first: UInt32, _ second: UInt32, secondCount: UInt64) -> UInt32 {
    varve_crc32c_combine_with(named, first, second, secondCount)
  }
}

@Suite("Each variant of CRC32C")
struct CRC32CVariantTests {
  @Test("gives the published check values", arguments: CRC32CVariant.allCases)
  func checkValues(variant: CRC32CVariant) throws {
    try variant.require()
    for (bytes, expected) in publishedCheckValues {
      #expect(variant.checksum(of: bytes) == expected)
    }
  }

  @Test("knows what each byte does in each place of a word", arguments: CRC32CVariant.allCases)
  func singleBytes(variant: CRC32CVariant) throws {
    try variant.require()
    for place in 0..<8 {
      for byte in UInt8.min...UInt8.max {
        var bytes = [UInt8](repeating: 0, count: 8)
        bytes[place] = byte
        let expected = CRC32CReference.checksum(of: bytes)
        guard variant.checksum(of: bytes) == expected else {
          Issue.record("byte \(byte) in place \(place)")
          return
        }
      }
    }
  }

  // Every buffer ends where its memory does, which the address sanitizer watches.
  @Test("is right at every short length and alignment", arguments: CRC32CVariant.allCases)
  func shortLengths(variant: CRC32CVariant) throws {
    try variant.require()
    var generator = SeededGenerator(seed: 1)
    let bytes = generator.bytes(300 + 63)
    for alignment in 0..<64 {
      let expected = CRC32CReference.checksums(ofPrefixesOf: bytes[alignment...])
      for length in 0...300 {
        let memory = UnsafeMutableRawBufferPointer.allocate(
          byteCount: alignment + length, alignment: 64)
        defer { memory.deallocate() }
        bytes.withUnsafeBytes { memory.copyMemory(from: .init(rebasing: $0[..<memory.count])) }
        let actual = variant.checksum(of: .init(rebasing: memory[alignment...]))
        guard actual == expected[length] else {
          Issue.record("\(length) bytes, \(alignment) behind a multiple of 64")
          return
        }
      }
    }
  }

  // Whatever a variant takes at once is a multiple of 512 bytes, or less than 4096.
  @Test("is right around the boundaries of its blocks", arguments: CRC32CVariant.allCases)
  func blockBoundaries(variant: CRC32CVariant) throws {
    try variant.require()
    var generator = SeededGenerator(seed: 2)
    let bytes = generator.bytes(140_000)
    let expected = CRC32CReference.checksums(ofPrefixesOf: bytes)
    let multiples = stride(from: 4096 + 512, to: 139_900, by: 512)
    let edges = multiples.flatMap { multiple in
      [-9, -8, -1, 0, 1, 7, 8, 9, 63, 64, 72].map { multiple + $0 }
    }
    for length in Array(0...(4096 + 72)) + edges {
      let actual = bytes.withUnsafeBytes { variant.checksum(of: .init(rebasing: $0[..<length])) }
      guard actual == expected[length] else {
        Issue.record("\(length) bytes")
        return
      }
    }
  }

  @Test("continues from piece to piece", arguments: CRC32CVariant.allCases)
  func pieces(variant: CRC32CVariant) throws {
    try variant.require()
    var generator = SeededGenerator(seed: 3)
    for longest in [8, 100, 700, 5000] {
      let bytes = generator.bytes(20 * longest)
      var checksum = 0 as UInt32
      var rest = bytes[...]
      while !rest.isEmpty {
        let piece = rest.prefix(Int.random(in: 0...longest, using: &generator))
        checksum = variant.checksum(of: Array(piece), continuing: checksum)
        rest = rest.dropFirst(piece.count)
      }
      #expect(checksum == CRC32CReference.checksum(of: bytes))
    }
  }

  @Test("combines two pieces without a look at them", arguments: CRC32CVariant.allCases)
  func combine(variant: CRC32CVariant) throws {
    try variant.require()
    var generator = SeededGenerator(seed: 4)
    let bytes = generator.bytes(70_000)
    let whole = CRC32CReference.checksum(of: bytes)
    for second in [0, 1, 7, 8, 15, 16, 17, 255, 256, 257, 4095, 4096, 65535, 65536, 70_000] {
      let first = variant.checksum(of: Array(bytes.dropLast(second)))
      let last = variant.checksum(of: Array(bytes.suffix(second)))
      #expect(variant.combine(first, last, secondCount: UInt64(second)) == whole)
    }
  }

  @Test("combines over any count that 64 bits hold", arguments: CRC32CVariant.allCases)
  func combineFar(variant: CRC32CVariant) throws {
    try variant.require()
    var generator = SeededGenerator(seed: 5)
    let order = UInt64(CRC32CReference.order)
    let counts = [order - 1, order, order + 1, order * order, 1 << 62, .max - 1, .max]
    for count in counts + (0..<64).map({ .max >> $0 }) {
      let checksum = generator.next(upperBound: 1 << 32 as UInt64)
      let power = CRC32CReference.power(Int(8 * (count % order)))
      let expected = CRC32CReference.product(UInt32(checksum), power)
      #expect(variant.combine(UInt32(checksum), 0, secondCount: count) == expected)
    }
  }
}

@Suite("The choice among CRC32C's variants")
struct CRC32CDispatchTests {
  @Test("is the fastest that the machine supports")
  func best() {
    #expect(CRC32CVariant.allCases.last { $0.isSupported }?.named == varve_crc32c_best())
  }

  @Test("always has what every machine of the architecture supports")
  func baseline() {
    #expect(CRC32CVariant.table.isSupported)
    #if arch(x86_64)
      #expect(CRC32CVariant.sse42.isSupported)
      #expect(!varve_crc32c_supported(.armv8))
    #endif
  }

  @Test("leaves no variant untested, or warns")
  func untested() {
    for variant in CRC32CVariant.allCases where !variant.isSupported {
      Issue.record("\(variant) is not tested: this machine can't run it", severity: .warning)
    }
  }

  @Test("may be made by many threads at once")
  func threads() async {
    let bytes = Array("123456789".utf8)
    await withTaskGroup { group in
      for _ in 0..<64 { group.addTask { CRC32C.checksum(of: bytes.span.bytes) } }
      for await checksum in group { #expect(checksum == 0xE306_9283) }
    }
  }

  @Test("needs no constant but the powers of x that each says it is")
  func constants() {
    var power = varve_crc32c_power()
    var index = 0
    while varve_crc32c_power_at(index, &power) {
      #expect(CRC32CReference.power(Int(power.exponent)) == power.value, "\(power.exponent)")
      index += 1
    }
    #expect(index > 8 * 16)
  }
}

@Suite("CRC32C")
struct CRC32CTests {
  @Test("gives the published check values", arguments: publishedCheckValues)
  func checkValues(bytes: [UInt8], expected: UInt32) {
    #expect(CRC32C.checksum(of: bytes.span.bytes) == expected)
    #expect(bytes.withUnsafeBytes { CRC32C.checksum(of: $0) } == expected)
  }

  @Test("is 0 of nothing, and unchanged by nothing")
  func nothing() {
    #expect(CRC32C.checksum(of: RawSpan()) == 0)
    #expect(CRC32C.checksum(of: RawSpan(), continuing: 7) == 7)
    #expect(CRC32C.checksum(of: UnsafeRawBufferPointer(start: nil, count: 0)) == 0)
    #expect(CRC32C.patch(7, replacing: RawSpan(), with: RawSpan(), countAfter: 9) == 7)
  }

  @Test("continues and combines at any split")
  func splits() {
    var generator = SeededGenerator(seed: 6)
    let bytes = generator.bytes(1000)
    let whole = CRC32CReference.checksum(of: bytes)
    for split in 0...1000 {
      let (head, tail) = (Array(bytes[..<split]), Array(bytes[split...]))
      let first = CRC32C.checksum(of: head.span.bytes)
      let second = CRC32C.checksum(of: tail.span.bytes)
      #expect(CRC32C.checksum(of: tail.span.bytes, continuing: first) == whole)
      #expect(CRC32C.combine(first, second, secondCount: tail.count) == whole)
    }
  }

  @Test(
    "is patched where bytes are replaced",
    arguments: [1, 4, 8, 12, 100, 1000], [0, 1, 40, 61, 300, 4096, 100_000])
  func patch(count: Int, countAfter: Int) {
    var generator = SeededGenerator(seed: UInt64(count + countAfter))
    let before = generator.bytes(21)
    let (old, new) = (generator.bytes(count), generator.bytes(count))
    let after = generator.bytes(countAfter)
    let checksum = CRC32C.checksum(of: (before + old + after).span.bytes)
    let expected = CRC32C.checksum(of: (before + new + after).span.bytes)
    let patched = CRC32C.patch(
      checksum, replacing: old.span.bytes, with: new.span.bytes, countAfter: countAfter)
    #expect(patched == expected)
    #expect(
      varve_crc32c_patch(checksum, old, new, count, UInt64(countAfter)) == expected)
  }
}

/// Appendix B.4 of RFC 3720, and the value that the catalogues of checksums give.
private let publishedCheckValues: [([UInt8], UInt32)] = [
  ([UInt8](repeating: 0x00, count: 32), 0x8A91_36AA),
  ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
  ([UInt8](0..<32), 0x46DD_794E),
  ((0..<32).reversed(), 0x113F_DB5C),
  (Array("123456789".utf8), 0xE306_9283),
]
