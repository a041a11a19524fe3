extension SimulatedFile {
  /// Whether a sync would have something to do.
  var isUnsynced: Bool {
    noteMappedStores()
    return dirty.count > 0 || byteCount != durable.byteCount || cut != nil
  }

  /// Makes the bytes and the length durable, and with `metadata` all else that is known of it.
  func sync(metadata: Bool) {
    noteMappedStores()
    for page in dirty.pages where page < pageCount { durable.pages[page] = image(of: page) }
    dirty.removeAll()
    durable.pages = durable.pages.filter { $0.key < pageCount }
    durable.byteCount = byteCount
    durable.allocated = allocated
    cut = nil
    if metadata { durable.modified = modified }
  }

  /// Marks the dirty pages clean though the device does not have them: what Linux does when it
  /// could not write them. The failure is reported once, and no later sync knows of it.
  func failSync() {
    noteMappedStores()
    for page in dirty.pages where page < pageCount { lost[page] = image(of: page) }
    dirty.removeAll()
    // A page that was cut off is still to be taken off the device.
    for page in durable.pages.keys where page >= pageCount { dirty.insert(page) }
  }

  /// The power goes: of what was not synced, some is there and some is not.
  func cutPower(using random: inout SplitMix) {
    noteMappedStores()
    let odds = PowerCutOdds(using: &random)
    let isCutDurable = cut != nil && odds.keeps(using: &random)
    if isCutDurable, let cut { durable.shorten(to: cut) }
    let length = odds.length(from: durable.byteCount, to: byteCount, using: &random)

    for page in dirty.pages where page < pageCount {
      let old = durable.pages[page] ?? .zeros
      switch odds.fate(using: &random) {
      case .kept: durable.pages[page] = image(of: page)
      case .dropped: break
      case .torn: durable.pages[page] = old.torn(by: image(of: page), using: &random)
      }
    }
    if odds.keeps(using: &random) { durable.modified = modified }
    if odds.keeps(using: &random) { durable.allocated = allocated }
    durable.shorten(to: length)
    durable.byteCount = length
    for page in durable.pages.keys { durable.allocated.insert(page) }
    discardLiveBytes()
  }
}

extension DurableFile {
  /// Cuts the bytes off, if there are so many.
  mutating func shorten(to end: Int) {
    byteCount = min(byteCount, end)
    let whole = SimulatedFile.pageCount(end)
    pages = pages.filter { $0.key < whole }
    allocated.removeAll(from: whole)
    guard end % PageImage.byteCount != 0, let last = pages[whole - 1] else { return }
    pages[whole - 1] = last.prefix(end % PageImage.byteCount)
  }
}
