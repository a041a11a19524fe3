/// VarveFormat and its C know nothing of the operating system: they are bytes in, bytes out, and
/// fuzzed as such.
struct FormatPurity: Rule {
  static let headers: Set<String> = [
    "stdint.h", "stddef.h", "stdbool.h", "stdatomic.h", "string.h",
    "immintrin.h", "nmmintrin.h", "wmmintrin.h", "cpuid.h", "arm_acle.h", "arm_neon.h",
    // Not I/O: on ARM it is the way to ask which instructions the processor has.
    "sys/auxv.h",
  ]

  func violations(in file: SourceFile) -> [Violation] {
    switch (file.module, file.language) {
    case ("VarveFormat", .swift):
      file.violations(in: file.code, mentioning: ["os"]) { _, line in
        line.contains(/^\s*#(?:else)?if\b.*\bos\s*\(/)
          ? "VarveFormat asks for the operating system" : nil
      }
    case ("CVarveBytes", .c):
      file.violations(in: file.code, mentioning: ["include"]) { index, code in
        guard code.contains(/^\s*#\s*include\b/),
          let header = file.lines[index].firstMatch(of: /[<](.+)[>]/)?.output.1,
          !Self.headers.contains(String(header))
        else { return nil }
        return "CVarveBytes includes <\(header)>, which is not among those it may"
      }
    default:
      []
    }
  }
}
