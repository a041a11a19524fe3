/// Figures to be drawn: in groups, by what they are of, with a value of each series in each.
struct Chart: Sendable, Hashable {
  enum Form: Sendable, Hashable {
    /// Where the groups are things of their own.
    case bars
    /// Where they are steps of one quantity.
    case lines
  }

  struct Series: Sendable, Hashable {
    var name: String
    /// One for each category; nil where there is none.
    var values: [Double?]

    init(_ name: String, _ values: [Double?]) {
      self.name = name
      self.values = values
    }
  }

  var title: String
  /// What the values are, and in which unit.
  var axis: String
  var form: Form
  var categories: [String]
  var series: [Series]

  init(
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
