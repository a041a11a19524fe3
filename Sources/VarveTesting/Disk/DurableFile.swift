/// What the device has of a file.
struct DurableFile {
  /// The pages that were ever written; all others are zeros.
  var pages: [Int: PageImage] = [:]
  var byteCount = 0
  var modified: Int64
  var allocated = PageSet()
}
