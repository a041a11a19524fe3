/// One thing of a simulated disk that a power cut keeps or loses: small enough, together, to try all
/// combinations.
package struct UnsyncedItem: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// A change of names, by its place among those that no sync has made durable.
    case name(Int)
    /// A page of a file. No sector of it fares differently: that is for seeds.
    case page(Int)
    /// That a file is longer or shorter.
    case length
    /// That what lies behind some place in a file was cut off, if it is longer again.
    case cut
  }

  package let kind: Kind
  /// What the change of names is about, or the file as it is called now.
  package let text: String
  /// The file.
  let inode: Int64?
}

extension UnsyncedItem: CustomStringConvertible {
  /// The change in words.
  package var description: String {
    switch kind {
    case .name: text
    case .page(let page): "page \(page) of \(text)"
    case .length: "the length of \(text)"
    case .cut: "a cut of \(text)"
    }
  }
}

extension SimulatedFile {
  /// What of the file is not durable.
  var unsyncedKinds: [UnsyncedItem.Kind] {
    noteMappedStores()
    return dirty.pages.filter { $0 < pageCount }.map { .page($0) }
      + (byteCount != durable.byteCount ? [.length] : []) + (cut != nil ? [.cut] : [])
  }

  /// The power goes, and of what was not synced this is kept.
  ///
  /// - Parameter keepsFacts: Whether it is kept when the file was changed, and which space it has.
  func cutPower(keeping kept: Set<UnsyncedItem.Kind>, keepsFacts: Bool) {
    noteMappedStores()
    if kept.contains(.cut), let cut { durable.shorten(to: cut) }
    let length = kept.contains(.length) ? byteCount : durable.byteCount
    for page in dirty.pages where page < pageCount && kept.contains(.page(page)) {
      durable.pages[page] = image(of: page)
    }
    if keepsFacts { (durable.modified, durable.allocated) = (modified, allocated) }
    durable.shorten(to: length)
    durable.byteCount = length
    for page in durable.pages.keys { durable.allocated.insert(page) }
    discardLiveBytes()
  }
}

extension NameOperation: CustomStringConvertible {
  /// The change in words.
  var description: String {
    switch self {
    case .create(let slot, _): "create \(slot.name)"
    case .unlink(let slot, _): "unlink \(slot.name)"
    case .rename(let from, let to, _, _): "rename \(from.name) to \(to.name)"
    }
  }
}
