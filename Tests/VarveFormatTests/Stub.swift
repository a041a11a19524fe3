import Testing
@testable import VarveFormat
