import FuzzSupport
import KafkaReference
import Varve

/// Batches built from anything: builder and writer agree with the book, byte for byte.
@main struct FuzzBuilder: FuzzTarget {
  static func test(_ input: inout FuzzInput) {
    let options = Options.random(from: &input)
    let room = input.bool() ? 4096 : Int(input.integer(UInt16.self)) % 700
    let stamps = (0..<input.choice(3)).map { _ in Stamping.random(from: &input) }
    let steps = Step.all(from: &input)
    if let step = steps.first { Singles.check(step, options) }
    var model = Model(options)
    guard let batch = Building.run(steps, options, room: room, &model) else { return }
    Finished.check(batch, model)
    for stamp in stamps { Stamping.check(batch, stamp) }
    Markers.check(options)
  }
}
