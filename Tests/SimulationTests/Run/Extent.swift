import Foundation

/// How much of what there is to try is tried.
enum Extent {
  /// `VARVE_SIM_WHOLE=1`, for builds that are fast: all of it. Otherwise what an ordinary test run has
  /// the time for.
  static let isWhole = ProcessInfo.processInfo.environment["VARVE_SIM_WHOLE"] == "1"

  /// `VARVE_SIM_STRIDE`: from one operation that is tried to the next.
  static let stride =
    ProcessInfo.processInfo.environment["VARVE_SIM_STRIDE"].flatMap { Int($0) } ?? 4
}
