// All that a user imports is `Varve`. A plain `public import` would not reach other files.
@_exported public import VarveFormat

@_exported public import enum VarveSystem.RingSupport
