import Foundation
import Testing

@testable import BenchHarness

struct JSONWriterTests {
  @Test func anotherReaderReadsWhatWasWritten() throws {
    let value = JSONValue.members([
      "null": .null, "yes": .bool(true), "integer": .integer(.min), "number": .number(1.5e-7),
      "flat": .array([.integer(1), .integer(2)]), "empty": .array([]), "none": .object([]),
      "nested": .array([.members(["a": .array([.members(["b": .null])])])]),
    ])
    let parsed = try Self.parse(value)
    #expect(parsed["null"] is NSNull)
    #expect(parsed["yes"] as? Bool == true)
    #expect(parsed["integer"] as? Int == .min)
    #expect(parsed["number"] as? Double == 1.5e-7)
    #expect(parsed["flat"] as? [Int] == [1, 2])
    #expect((parsed["empty"] as? [Any])?.isEmpty == true)
    #expect((parsed["none"] as? [String: Any])?.isEmpty == true)
    #expect((parsed["nested"] as? [Any])?.count == 1)
  }

  @Test(arguments: [
    "plain", "quote \" and backslash \\", "line\nand\ttab\r", "\u{0}\u{1}\u{1f}\u{7f}", "µ𝄞é",
  ])
  func stringsSurvive(string: String) throws {
    let parsed = try Self.parse(.object([.init(name: string, value: .string(string))]))
    #expect(parsed[string] as? String == string)
  }

  @Test func whatIsNotANumberIsNull() throws {
    let parsed = try Self.parse(.members(["a": .number(.nan), "b": .number(-.infinity)]))
    #expect(parsed["a"] is NSNull)
    #expect(parsed["b"] is NSNull)
  }

  @Test func membersKeepTheirOrder() {
    let text = JSONWriter.text(of: .members(["z": .integer(1), "a": .integer(2)]))
    #expect(text == "{\n  \"z\": 1,\n  \"a\": 2\n}\n")
  }

  private static func parse(_ value: JSONValue) throws -> [String: Any] {
    let data = Data(JSONWriter.text(of: value).utf8)
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }
}
