/// What a program tells of what it has measured.
public enum ReportStyle: Sendable, Hashable {
  /// Each benchmark with what it is held against, its counts and its goals.
  case full
  /// Each benchmark, of what is called so, beside its references, in one table; nothing is counted.
  case comparison(of: String)
}

extension Report {
  func text(in style: ReportStyle) -> String {
    switch style {
    case .full: text
    case .comparison(let subject): comparison(of: subject)
    }
  }
}
