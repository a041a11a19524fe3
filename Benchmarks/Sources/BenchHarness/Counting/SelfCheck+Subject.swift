internal import CBenchProbes
internal import Glibc

extension SelfCheck {
  /// Does what is counted, by calls and pointers that the compiler can't see through.
  final class Subject {
    private let object = Object()
    private let slots = UnsafeMutablePointer<Object>.allocate(capacity: 2)

    deinit { slots.deallocate() }

    func iterate() {
      allocate()
      retain()
      access()
    }

    private func allocate() {
      let blocks = (malloc(16), calloc(2, 16), realloc(nil, 64))
      blackHole(blocks)
      free(blocks.0)
      free(blocks.1)
      free(blocks.2)
    }

    /// Each slot holds the object for a while, and no one knows for how long.
    private func retain() {
      for slot in 0..<2 {
        (slots + slot).initialize(to: object)
        varve_bench_launder(slots)
      }
      for slot in 0..<2 {
        (slots + slot).deinitialize(count: 1)
        varve_bench_launder(slots)
      }
    }

    /// Two accesses and two system calls, which keep the accesses from being made one.
    private func access() {
      withUnsafeMutablePointer(to: &object.number) { varve_bench_launder($0) }
      varve_bench_enter_kernel()
      withUnsafeMutablePointer(to: &object.number) { varve_bench_launder($0) }
      varve_bench_enter_kernel()
    }
  }

  final class Object {
    var number = 0
  }
}
