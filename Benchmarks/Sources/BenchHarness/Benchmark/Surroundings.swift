/// What a benchmark may want to know of the run that it is part of.
public struct Surroundings: Sendable {
  /// Whether it is only to be seen that all runs: then a little of everything will do.
  public let isBrief: Bool
  let parent: WorkDirectory.Parent
  /// Where files are in memory, if there is such a place.
  var memory: WorkDirectory.Parent?

  /// As much as is to be measured, or a little where nothing is.
  public func scale(_ full: Int, brief: Int) -> Int { isBrief ? brief : full }

  /// A directory of its own on the disk that is measured. Whoever makes it removes it.
  public func makeDirectory() throws -> WorkDirectory {
    try WorkDirectory(in: parent)
  }

  /// The same in memory, for what is not about the disk, but about what would wear it out: ext4 passes over the
  /// inodes of files that were deleted lately, and takes minutes for a benchmark that makes and removes many.
  /// On the disk all the same, where memory has not so much room.
  ///
  /// - Parameter byteCount: How much there will be at the most.
  public func makeDirectoryInMemory(for byteCount: Int) throws -> WorkDirectory {
    guard let memory, memory.freeByteCount >= byteCount else { return try makeDirectory() }
    return try WorkDirectory(in: memory)
  }
}

extension Surroundings {
  /// Removes what this run made, and what others did that are no more.
  func removeLeftovers() throws {
    try parent.removeLeftovers()
    try memory?.removeLeftovers()
  }
}
