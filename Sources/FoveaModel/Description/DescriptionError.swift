public import FoveaCore

/// What is wrong with a written description, and where.
public struct DescriptionError: FoveaError, Equatable {
  /// The file, or what stands for it.
  public let source: String
  /// From 1; nil where the place is not known.
  public let line: Int?
  public let problem: String

  public init(source: String, line: Int?, problem: String) {
    self.source = source
    self.line = line
    self.problem = problem
  }

  public var description: String {
    "\(source)\(line.map { ", line \($0)" } ?? ""): \(problem)"
  }
}
