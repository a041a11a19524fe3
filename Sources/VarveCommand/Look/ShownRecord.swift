internal import Varve

/// A record as the command shows it.
struct ShownRecord: Sendable {
  let offset: Offset
  let record: Record

  /// In a line: offset, time, key and value, apart by tabs; a dash for what is not there.
  var line: String {
    [
      "\(offset)", (record.timestamp ?? .none).text, record.key?.shown ?? "-",
      record.value?.shown ?? "-",
    ].joined(separator: "\t")
  }

  var json: JSON {
    var members: [(String, JSON)] = [
      ("offset", .offset(offset)),
      ("timestamp", .number((record.timestamp ?? .none).rawValue)),
      JSON.member("key", record.key), JSON.member("value", record.value),
    ]
    if !record.headers.isEmpty {
      members.append(
        (
          "headers",
          .list(
            record.headers.map {
              .object([("key", .string($0.key)), JSON.member("value", $0.value)])
            })
        ))
    }
    return .object(members)
  }

  /// How records are written.
  enum Form {
    /// A line for a person.
    case line
    case json
    /// The value alone, as `append` reads it.
    case value
    /// Key, tab and value, as `append --keys` reads them.
    case keys

    init(_ arguments: Arguments) {
      self =
        arguments.has("json")
        ? .json : arguments.has("values") ? .value : arguments.has("keys") ? .keys : .line
    }

    static let options = [
      Syntax.json,
      Syntax.Option(name: "values", help: "values alone, as 'varve append' reads them"),
      Syntax.Option(name: "keys", help: "key, tab and value, as 'varve append --keys' reads them"),
    ]
  }

  func bytes(_ form: Form) -> [UInt8] {
    switch form {
    case .line: Array((line + "\n").utf8)
    case .json: Array((json.text + "\n").utf8)
    case .value: (record.value ?? []) + [UInt8(ascii: "\n")]
    case .keys:
      (record.key ?? []) + [UInt8(ascii: "\t")] + (record.value ?? []) + [UInt8(ascii: "\n")]
    }
  }
}
