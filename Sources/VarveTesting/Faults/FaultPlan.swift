package import VarveSystem

/// What goes wrong with a simulated disk, and when. Counts from the moment it is installed.
public struct FaultPlan: Sendable {
  /// Whether everything that would change the disk fails with EROFS.
  public var isReadOnly = false
  /// How many bytes files may take, where that is less than the disk has.
  public var spaceLimit: Int?
  private var faults: [Fault] = []

  /// Nothing goes wrong.
  public init() {}

  private struct Fault: Sendable {
    let call: SystemCall?
    let path: String
    let number: Int
    let errno: Errno
    let isLasting: Bool
    var seen = 0
  }
}

extension FaultPlan {
  /// Nothing goes wrong.
  public static var none: FaultPlan { FaultPlan() }

  /// Everything that would change the disk fails.
  public static var readOnly: FaultPlan {
    var plan = FaultPlan()
    plan.isReadOnly = true
    return plan
  }

  /// The disk is full when files take so many bytes.
  public static func full(at byteCount: Int) -> FaultPlan {
    var plan = FaultPlan()
    plan.spaceLimit = byteCount
    return plan
  }

  /// See ``fail(_:on:number:with:fromThenOn:)``.
  package static func failing(
    _ call: SystemCall? = nil, on path: String = "", number: Int = 1, with errno: Errno,
    fromThenOn: Bool = false
  ) -> FaultPlan {
    var plan = FaultPlan()
    plan.fail(call, on: path, number: number, with: errno, fromThenOn: fromThenOn)
    return plan
  }

  /// Lets the `number`th operation fail, counted from 1 over those that are `call`, or over all, on
  /// files whose path ends with `path`; with `fromThenOn`, all that follow too.
  package mutating func fail(
    _ call: SystemCall? = nil, on path: String = "", number: Int = 1, with errno: Errno,
    fromThenOn: Bool = false
  ) {
    faults.append(
      Fault(call: call, path: path, number: number, errno: errno, isLasting: fromThenOn))
  }

  /// Counts an operation, and says how it fails.
  mutating func errno(for operation: SimulatedOperation) -> Errno? {
    var found: Errno?
    for index in faults.indices {
      let fault = faults[index]
      guard fault.call == nil || fault.call == operation.call,
        operation.path.hasSuffix(fault.path)
      else { continue }
      faults[index].seen += 1
      let number = fault.seen + 1
      if number == fault.number || fault.isLasting && number > fault.number {
        found = found ?? fault.errno
      }
    }
    return found
  }
}
