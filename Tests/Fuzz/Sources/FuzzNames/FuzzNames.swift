import FuzzSupport
import Varve

/// Names of files and directories: any text is a name or none, and a name is read as it is
/// written.
@main struct FuzzNames: FuzzTarget {
  static func test(_ input: inout FuzzInput) {
    switch input.choice(3) {
    case 0: Parsing.check(String(decoding: input.rest(), as: UTF8.self))
    case 1: Parsing.check(Composing.name(from: &input))
    default: Printing.check(&input)
    }
  }
}
