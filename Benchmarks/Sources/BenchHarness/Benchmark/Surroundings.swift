/// What a benchmark may want to know of the run that it is part of.
public struct Surroundings: Sendable {
  /// Whether it is only to be seen that all runs: then a little of everything will do.
  public let isBrief: Bool
  let parent: WorkDirectory.Parent

  /// As much as is to be measured, or a little where nothing is.
  public func scale(_ full: Int, brief: Int) -> Int { isBrief ? brief : full }

  /// A directory of its own on the disk that is measured. Whoever makes it removes it.
  public func makeDirectory() throws -> WorkDirectory {
    try WorkDirectory(in: parent)
  }
}
