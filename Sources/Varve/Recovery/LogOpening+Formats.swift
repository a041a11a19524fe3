internal import VarveSystem

extension LogOpening {
  /// Refuses a log that begins a segment with what no log takes, before anything is changed. What stands
  /// behind batches is met when these are gone through.
  ///
  /// - Parameter contents: What the side file says: of what it speaks is ours.
  func refuseOtherFormats(
    in listing: DirectoryListing, _ contents: SideFile.Contents?
  ) throws(LogError) {
    if contents?.record.state.isKnown == true { return }
    let last = contents?.record.last?.baseOffset
    for base in listing.bases where base != last {
      guard contents?.seals[base].isEmpty ?? true else { continue }
      try refuseOtherFormat(of: SegmentPath(directory: directory, baseOffset: base).log, base)
    }
  }

  private func refuseOtherFormat(of path: String, _ base: Offset) throws(LogError) {
    let version = try naming { () throws(SystemError) in
      let file = try OpenFile(path, .reading, in: fileSystem)
      return try OtherFormat(
        file: file, byteCount: try file.status().byteCount, isKnown: false
      ).version(at: 0, from: base)
    }
    if let version { throw OtherFormat.refusal(of: path, version: version) }
  }
}
