public import Varve

/// What the ring is for a package that did not ask for it.
public func ring() -> RingSupport { .probe() }
