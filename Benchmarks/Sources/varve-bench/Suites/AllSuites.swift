import BenchHarness

/// Every suite there is. A new one runs once it is in this list.
let allSuites: [Suite] =
  [
    MachineSuite.suite,
    BareSuite.suite,
    ChecksumSuite.suite,
    FormatSuite.suite,
    CodecSuite.suite,
  ] + LogSuites.all
