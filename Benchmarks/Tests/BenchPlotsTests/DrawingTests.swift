import Foundation
import FoundationXML
import Testing

@testable import BenchPlots

struct DrawingTests {
  /// A chart is drawn as it was when somebody looked at it. `VARVE_RENEW_GOLDEN=1` has it drawn anew,
  /// to be looked at again.
  @Test(arguments: [Chart.Form.bars, .lines])
  func aChartIsDrawnAsItWas(form: Chart.Form) throws {
    let chart = Chart(
      "Reading & <writing>", axis: "records/s", form: form, categories: ["100 B", "1 KiB"],
      series: [
        .init("ours", [14e6, 3.9e6]), .init("\"theirs\"", [0.5e6, nil]), .init("none", [nil, nil]),
      ])
    let golden = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Golden/\(form).svg")
    let svg = chart.svg
    if ProcessInfo.processInfo.environment["VARVE_RENEW_GOLDEN"] != nil {
      try Data(svg.utf8).write(to: golden)
    }
    #expect(try svg == String(contentsOf: golden, encoding: .utf8))
  }

  @Test func aChartIsWellFormed() {
    let chart = Chart(
      "a < b && \"c\" > 'd'", axis: "<&>", form: .bars, categories: ["&amp;", "<x/>"],
      series: [.init("<", [1, 2]), .init("\u{1F600}", [3, nil])])
    let elements = Elements()
    let parser = XMLParser(data: Data(chart.svg.utf8))
    parser.delegate = elements
    #expect(parser.parse())
    #expect(elements.texts.contains("a < b && \"c\" > 'd'"))
    #expect(elements.texts.contains("&amp;"))
    #expect(elements.names.first == "svg")
    // The ground, three bars, and two in the legend.
    #expect(elements.names.count { $0 == "rect" } == 6)
  }

  @Test func whatMeansSomethingInXMLIsEscaped() {
    #expect(SVG.escaped("a<b>&\"c\"") == "a&lt;b&gt;&amp;&quot;c&quot;")
    #expect(SVG.escaped("ä × µ") == "ä × µ")
  }

  @Test func coordinatesAreShort() {
    #expect(SVG.number(3) == "3")
    #expect(SVG.number(3.14) == "3.1")
    #expect(SVG.number(-0.25) == "-0.3")
    #expect(SVG.number(99.96) == "100")
  }

  @Test func aLongLegendHasSeveralLines() {
    let frame = Frame()
    let legend = Legend((0..<8).map { "a name that is long \($0)" }, frame)
    #expect(legend.entries.map(\.index) == Array(0..<8))
    #expect(legend.entries.last?.line == 2)
    #expect(legend.entries.allSatisfy { $0.x >= frame.left && $0.x < frame.right })
    #expect(Legend([], frame).height == 0)
  }

  @Test func numbersHaveThreeDigits() {
    #expect(
      [0, 0.25, 1, 9.996, 12.34, 123.4, 999.4, 999.6, 14.04e6, 3.9e9, 1_000, -2_500]
        .map(Magnitude.short)
        == [
          "0", "0.25", "1", "10", "12.3", "123", "999", "1k", "14M", "3.9G", "1k", "-2.5k",
        ])
    #expect(Magnitude.short(0.0034) == "0.0034")
  }
}

/// What an XML text has in it.
private final class Elements: NSObject, XMLParserDelegate {
  var names: [String] = []
  var texts: [String] = []
  private var text = ""

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    names.append(name)
    text = ""
  }

  func parser(_ parser: XMLParser, foundCharacters characters: String) { text += characters }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    texts.append(text)
  }
}
