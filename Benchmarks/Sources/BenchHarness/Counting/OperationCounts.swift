/// What one iteration does, on average over some. What isn't known isn't there.
struct OperationCounts: Sendable, Hashable {
  private var perIteration: [Counter: Double] = [:]

  subscript(counter: Counter) -> Double? {
    get { perIteration[counter] }
    set { perIteration[counter] = newValue }
  }
}
