extension Chart {
  /// The picture.
  var svg: String { Picture(self).text }
}

/// A chart as it is drawn.
private struct Picture {
  private let chart: Chart
  private let scale: Scale
  private let frame = Frame()
  private var svg = SVG()

  init(_ chart: Chart) {
    self.chart = chart
    scale = chart.scale
  }

  var text: String {
    var copy = self
    return copy.draw()
  }

  private mutating func draw() -> String {
    let legend = Legend(chart.series.map(\.name), frame)
    let height = frame.bottom + 34 + legend.height + 12
    addGround(height)
    addAxis()
    addCategories()
    switch chart.form {
    case .bars: addBars()
    case .lines: addLines()
    }
    for entry in legend.entries {
      add(entry, below: frame.bottom + 34)
    }
    return svg.text(width: Frame.pictureWidth, height: height, title: chart.title)
  }

  private mutating func addGround(_ height: Double) {
    svg.add(
      "rect",
      [
        "x": "0.5", "y": "0.5", "width": SVG.number(Frame.pictureWidth - 1),
        "height": SVG.number(height - 1), "rx": "6", "fill": Palette.ground,
        "stroke": Palette.edge,
      ])
    addText(chart.title, x: 20, y: 28, size: 16, weight: "600")
    let note = scale.isLogarithmic ? "\(chart.axis), logarithmic" : chart.axis
    addText(note, x: 20, y: 47, size: 12, color: Palette.faint)
  }

  private mutating func addAxis() {
    for tick in scale.ticks {
      let y = frame.y(scale.position(of: tick))
      svg.add(
        "line",
        [
          "x1": SVG.number(frame.left), "y1": SVG.number(y), "x2": SVG.number(frame.right),
          "y2": SVG.number(y), "stroke": tick == scale.lowest ? Palette.faint : Palette.grid,
        ])
      addText(
        Magnitude.short(tick), x: frame.left - 8, y: y + 4, size: 11, color: Palette.faint,
        anchor: "end")
    }
  }

  private mutating func addCategories() {
    for (index, name) in chart.categories.enumerated() {
      addText(
        name, x: frame.middle(of: index, in: chart.categories.count), y: frame.bottom + 20,
        size: 12, anchor: "middle")
    }
  }

  private mutating func addBars() {
    let group = frame.width(of: chart.categories.count) * 0.84
    let width = min(56, group / Double(max(1, chart.series.count)))
    for (place, series) in chart.series.enumerated() {
      for (index, value) in series.values.enumerated() {
        guard let value else { continue }
        let middle = frame.middle(of: index, in: chart.categories.count)
        let offset = Double(place) - Double(chart.series.count) / 2
        addBar(value, of: place, x: middle + offset * width, width: width)
      }
    }
  }

  private mutating func addBar(_ value: Double, of place: Int, x: Double, width: Double) {
    let y = frame.y(scale.position(of: value))
    svg.add(
      "rect",
      [
        "x": SVG.number(x + 1), "y": SVG.number(y), "width": SVG.number(width - 2),
        "height": SVG.number(frame.bottom - y), "fill": Palette.color(of: place),
      ])
    let label = Magnitude.short(value)
    guard Frame.width(of: label, size: 8) <= width - 2 else { return }
    addText(label, x: x + width / 2, y: y - 3, size: 8, color: Palette.faint, anchor: "middle")
  }

  private mutating func addLines() {
    for (place, series) in chart.series.enumerated() {
      let points = series.values.enumerated().compactMap { index, value in
        value.map { value in
          (
            x: SVG.number(frame.middle(of: index, in: chart.categories.count)),
            y: SVG.number(frame.y(scale.position(of: value)))
          )
        }
      }
      let color = Palette.color(of: place)
      svg.add(
        "polyline",
        [
          "points": points.map { "\($0.x),\($0.y)" }.joined(separator: " "), "fill": "none",
          "stroke": color, "stroke-width": "2",
        ])
      for point in points {
        svg.add("circle", ["cx": point.x, "cy": point.y, "r": "3.5", "fill": color])
      }
    }
  }

  private mutating func add(_ entry: Legend.Entry, below top: Double) {
    let y = top + Double(entry.line) * Frame.lineHeight
    svg.add(
      "rect",
      [
        "x": SVG.number(entry.x), "y": SVG.number(y), "width": "11", "height": "11", "rx": "2",
        "fill": Palette.color(of: entry.index),
      ])
    addText(entry.name, x: entry.x + 16, y: y + 10, size: 12)
  }

  private mutating func addText(
    _ text: String, x: Double, y: Double, size: Double, color: String = Palette.text,
    anchor: String = "start", weight: String = "400"
  ) {
    svg.add(
      "text",
      [
        "x": SVG.number(x), "y": SVG.number(y), "font-size": SVG.number(size), "fill": color,
        "text-anchor": anchor, "font-weight": weight,
      ], text: text)
  }
}
