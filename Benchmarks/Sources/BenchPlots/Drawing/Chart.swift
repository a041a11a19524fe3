/// Figures to be drawn: in groups, by what they are of, with a value of each series in each.
public struct Chart: Sendable, Hashable {
  public enum Form: Sendable, Hashable {
    /// Where the groups are things of their own.
    case bars
    /// Where they are steps of one quantity.
    case lines
  }

  public struct Series: Sendable, Hashable {
    public var name: String
    /// One for each category; nil where there is none.
    public var values: [Double?]

    public init(_ name: String, _ values: [Double?]) {
      self.name = name
      self.values = values
    }
  }

  public var title: String
  /// What the values are, and in which unit.
  public var axis: String
  public var form: Form
  public var categories: [String]
  public var series: [Series]

  public init(
    _ title: String, axis: String, form: Form, categories: [String], series: [Series]
  ) {
    self.title = title
    self.axis = axis
    self.form = form
    self.categories = categories
    self.series = series
  }

  var values: [Double] { series.flatMap { $0.values.compactMap(\.self) } }

  var scale: Scale { Scale(fitting: values) }
}
