/// A property that does not hold.
struct SimulationFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Says that a property does not hold, if it does not.
func require(
  _ condition: Bool, _ text: @autoclosure () -> String
) throws(SimulationFailure) {
  guard condition else { throw SimulationFailure(text()) }
}
