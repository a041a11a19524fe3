import BenchHarness

/// What a sample opens and its loop uses.
final class Slot<Value> {
  var value: Value?
}

/// The same, of what will fill the page cache: with memory for that.
final class WarmSlot<Value> {
  private var memory: WarmMemory?
  private(set) var value: Value?

  /// Makes the value once there is memory for what the plan writes.
  func fill(_ plan: AppendPlan, _ make: () throws -> Value) rethrows {
    memory = plan.warmMemory()
    value = try make()
  }

  func empty() { (memory, value) = (nil, nil) }
}
