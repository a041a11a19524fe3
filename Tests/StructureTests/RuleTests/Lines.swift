/// The lines on which `rule` fires for a synthetic source: what every rule's controls look at.
func lines(_ rule: some Rule, _ path: String, _ text: String) -> [Int] {
  rule.violations(in: SourceFile(path: path, text: text)).map(\.line)
}
