/// Names and values in the text form of Java's `java.util.Properties`.
///
/// A name occurs once. Bytes of the text stand for the characters of ISO 8859-1; all others are
/// written, and read, as `\u` and the hexadecimal digits of UTF-16.
public struct PropertyList: Hashable, Sendable {
  /// A name and its value.
  public struct Property: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The value.
    public var value: String
  }

  /// The properties, in the order in which their names came first.
  public private(set) var properties: [Property] = []
  private var places: [String: Int] = [:]

  /// Properties, none to begin with.
  public init() {}

  /// The value of a name; nil if there is none. Set to nil, the name goes.
  public subscript(name: String) -> String? {
    get { places[name].map { properties[$0].value } }
    set {
      guard let newValue else { return remove(name) }
      if let place = places[name] {
        properties[place].value = newValue
      } else {
        places[name] = properties.count
        properties.append(Property(name: name, value: newValue))
      }
    }
  }

  private mutating func remove(_ name: String) {
    guard let place = places.removeValue(forKey: name) else { return }
    properties.remove(at: place)
    for index in place..<properties.count { places[properties[index].name] = index }
  }
}

extension PropertyList {
  /// Reads a text.
  ///
  /// - Throws: ``LogError/Code/corrupt`` where an escape is none. All else is a property, a comment
  ///   or nothing.
  public init(parsing bytes: RawSpan) throws(LogError) {
    var lines = PropertyLines(bytes)
    while let line = lines.next() {
      let parts = PropertyLine(line)
      self[try parts.name.unescaped(at: lines.start)] = try parts.value.unescaped(at: lines.start)
    }
  }

  /// The text's bytes, as Java writes them: comments first, a line each, and when it was written.
  ///
  /// - Parameters:
  ///   - comments: What is to stand before the properties.
  ///   - time: When the text is written; nil for no line about that.
  public func encoded(comments: [String] = [""], writtenAt time: Timestamp? = nil) -> [UInt8] {
    var bytes: [UInt8] = []
    for comment in comments + (time.map { [JavaDate($0).description] } ?? []) {
      bytes.append(UInt8(ascii: "#"))
      bytes += comment.escaped(as: .comment)
      bytes.append(UInt8(ascii: "\n"))
    }
    for property in properties {
      bytes += property.name.escaped(as: .name)
      bytes.append(UInt8(ascii: "="))
      bytes += property.value.escaped(as: .value)
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }
}
