import FuzzSupport
import Varve

/// Texts of properties, as they are or put together from the pieces of such texts, beside a naive
/// reader; and what is written of names and values.
@main struct FuzzProperties: FuzzTarget {
  static func test(_ input: inout FuzzInput) {
    switch input.choice(3) {
    case 0: checkParsing(input.rest())
    case 1: checkParsing(composed(&input))
    default: checkPrinting(&input)
    }
  }

  private static let pieces = [
    "=", ":", " ", "\t", "\u{c}", "\n", "\r", "\\", "\\\n", "\\\\", "\\u00e9", "\\uD83D", "\\u12",
    "#", "!", "a", "bc", "version", "cluster.id", "node.id", "broker.id", "directory.id", "=1\n",
    "=0\n", "iDFaTo2qQ-2-mbQLjyNxww",
  ]

  private static func composed(_ input: inout FuzzInput) -> [UInt8] {
    var bytes: [UInt8] = []
    while input.remainingCount > 0 {
      let choice = input.choice(256)
      bytes += choice < 240 ? Array(pieces[choice % pieces.count].utf8) : input.bytes(1)
    }
    return bytes
  }

  private static func checkParsing(_ bytes: [UInt8]) {
    let memory = ExactBytes(bytes)
    let expected = NaiveProperties.read(bytes)
    do throws(LogError) {
      let list = try PropertyList(parsing: memory.span)
      checkEqual(list.properties.map(\.name), expected?.map(\.name), "the names")
      checkEqual(list.properties.map(\.value), expected?.map(\.value), "the values")
      checkAgain(list)
      checkMeta(list)
    } catch {
      check(expected == nil, "good properties refused: \(error)")
      checkEqual(error.breach?.rule, .propertyEscape, "a refusal")
      check((0..<bytes.count).contains(error.breach?.byte ?? -1), "no such byte: \(error)")
    }
  }

  /// Written and read again it is the same.
  private static func checkAgain(_ list: PropertyList) {
    let bytes = list.encoded(writtenAt: Timestamp(milliseconds: 0))
    check(bytes.allSatisfy { $0 < 0x7f }, "bytes beyond ASCII")
    let memory = ExactBytes(bytes)
    do throws(LogError) {
      checkEqual(try PropertyList(parsing: memory.span), list, "written and read again")
    } catch {
      fail("properties that were written are refused: \(error)")
    }
  }

  private static func checkMeta(_ list: PropertyList) {
    guard let meta = try? MetaProperties(list) else { return }
    checkEqual(try? MetaProperties(meta.list), meta, "taken apart and put together")
    let memory = ExactBytes(meta.encoded())
    checkEqual(try? MetaProperties(parsing: memory.span), meta, "written and read again")
  }

  private static func checkPrinting(_ input: inout FuzzInput) {
    var list = PropertyList()
    while input.remainingCount > 0 {
      let name = text(&input)
      let value = input.choice(8) == 0 ? nil : text(&input)
      list[name] = value
      checkEqual(list[name], value, "a value")
    }
    checkEqual(Set(list.properties.map(\.name)).count, list.properties.count, "names twice")
    for property in list.properties { checkEqual(list[property.name], property.value, "a value") }
    checkAgain(list)
    _ = list.encoded(writtenAt: Timestamp(rawValue: input.extremeInteger()))
  }

  private static func text(_ input: inout FuzzInput) -> String {
    input.bool()
      ? input.element(of: pieces) : String(decoding: input.bytes(input.choice(8)), as: UTF8.self)
  }
}
