public struct Offset {}
