import Testing

/// Tests that start and stop the counters, of which a process has one set: one at a time.
@Suite(.serialized) enum ProcessWide {}
