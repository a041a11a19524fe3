import Testing

@testable import VarveFormat

/// What stands in the marker of a clean stop.
@Suite struct CleanShutdownMarkerTests {
  private func epoch(_ text: String) -> Int64? {
    CleanShutdownMarker(parsing: Array(text.utf8).span.bytes).brokerEpoch
  }

  @Test func itIsWrittenAsKafkaWritesIt() {
    #expect(
      CleanShutdownMarker(brokerEpoch: 14).encoded == Array(#"{"version":0,"brokerEpoch":14}"#.utf8)
    )
    #expect(CleanShutdownMarker().encoded == Array(#"{"version":0,"brokerEpoch":-1}"#.utf8))
  }

  @Test(arguments: [nil, 0, 14, .max] as [Int64?])
  func itIsReadAsItWasWritten(epoch: Int64?) {
    let marker = CleanShutdownMarker(brokerEpoch: epoch)
    let bytes = marker.encoded
    #expect(CleanShutdownMarker(parsing: bytes.span.bytes) == marker)
  }

  /// Unknown fields, of any kind, are passed over.
  @Test(arguments: [
    #"{"brokerEpoch":7}"#, " {\n\t\"brokerEpoch\" : 7 }\r\n", #"{"brokerEpoch":1,"brokerEpoch":7}"#,
    #"{"a":null,"b":[1,[],{"brokerEpoch":3},"x\"]"],"c":{"d":{}},"brokerEpoch":7,"e":-1.5e3}"#,
    #"{"brokerEpoch":7,"version":99,"é":true,"f":false,"\u0062":""}"#,
  ])
  func itsEpochIsFound(text: String) {
    #expect(epoch(text) == 7)
  }

  @Test(arguments: [
    "", " ", "{", "}", "{}", "null", "7", "[7]", #"{"brokerEpoch"}"#, #"{"brokerEpoch":}"#,
    #"{"brokerEpoch":"7"}"#, #"{"brokerEpoch":7.5}"#, #"{"brokerEpoch":-1}"#,
    #"{"brokerEpoch":-7}"#,
    #"{"brokerEpoch":9223372036854775808}"#, #"{"brokerEpoch":7"#, #"{"brokerEpoch":7,}"#,
    #"{"brokerEpoch":7} x"#, #"{"brokerEpoch":7}{}"#, #"{'brokerEpoch':7}"#,
    #"{"brokerEpoch":7 8}"#,
    #"{"brokerepoch":7}"#, #"{"a":tru,"brokerEpoch":7}"#, #"{"a":"\"#, #"{"a":"b"#, #"{"a":[1,]}"#,
    "{\"a\":\"\u{1}\",\"brokerEpoch\":7}", #"{"brokerEpoch":7"a":1}"#,
  ])
  func ofAllElseItIsUnknown(text: String) {
    #expect(epoch(text) == nil)
  }

  /// Neither a long text nor a deep one takes more than it may.
  @Test func thereIsAnEndToIt() {
    func nested(_ depth: Int) -> String {
      #"{"a":"# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        + #","brokerEpoch":7}"#
    }
    #expect(epoch(nested(31)) == 7)
    #expect(epoch(nested(32)) == nil)
    #expect(epoch(String(repeating: "[", count: 4000)) == nil)
    let limit = CleanShutdownMarker.maximumByteCount
    let padded = #"{"brokerEpoch":7}"#
    #expect(epoch(padded + String(repeating: " ", count: limit - padded.count)) == 7)
    #expect(epoch(padded + String(repeating: " ", count: limit - padded.count + 1)) == nil)
  }
}
