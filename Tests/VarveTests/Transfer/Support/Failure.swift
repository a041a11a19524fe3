import Testing
import Varve

/// Expects an error of one kind, and returns it.
@discardableResult
func expectFailure(
  _ code: LogError.Code, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () async throws -> some Any
) async -> LogError? {
  do {
    let value = try await body()
    Issue.record("\(code) was expected, and not \(value)", sourceLocation: sourceLocation)
  } catch let error as LogError {
    #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
    return error
  } catch {
    Issue.record("\(code) was expected, and not \(error)", sourceLocation: sourceLocation)
  }
  return nil
}
