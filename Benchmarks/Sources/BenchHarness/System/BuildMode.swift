/// How this program was compiled.
enum BuildMode {
  static let isOptimized = {
    var isOptimized = true
    // What an assertion is given isn't evaluated in an optimised build.
    assert(
      {
        isOptimized = false
        return true
      }())
    return isOptimized
  }()
}
