/// The compiler that built this program. The standard library knows its own version only, and
/// that is without the patch.
enum CompilerVersion {
  /// As the debug information has it, if that wasn't stripped: `6.3.1`, for instance.
  static let current: String? = TextFile.bytes(of: "/proc/self/exe").flatMap(version(in:))

  static func version(in program: [UInt8]) -> String? {
    let label = "Swift version ".utf8
    // Texts end with a zero there. The label is also in the program by itself, for this search.
    let texts = program.split(separator: 0)
    guard let text = texts.first(where: { $0.count > label.count && $0.starts(with: label) })
    else { return nil }
    let version = text.dropFirst(label.count).prefix { $0 != UInt8(ascii: " ") }
    return String(decoding: version, as: UTF8.self)
  }
}
