/// How words stand out: by colour where a person looks, and not at all in a pipe.
struct Style: Sendable {
  let isColoured: Bool

  func strong(_ text: String) -> String { escaped(text, "1") }
  func name(_ text: String) -> String { escaped(text, "36") }
  func good(_ text: String) -> String { escaped(text, "32") }
  func bad(_ text: String) -> String { escaped(text, "31") }
  func doubtful(_ text: String) -> String { escaped(text, "33") }
  func faint(_ text: String) -> String { escaped(text, "2") }

  private func escaped(_ text: String, _ code: String) -> String {
    isColoured ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }
}
