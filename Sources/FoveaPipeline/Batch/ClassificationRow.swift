/// What a batch says of one picture.
public struct ClassificationRow: Sendable, Hashable {
  public enum Status: String, Sendable, Codable {
    case ok
    case error
  }

  /// As given, or as found below a folder that was given; of a name that is no UTF-8, as ``FilePath/description``.
  public let path: String
  public let status: Status
  /// The class that was decided for; nil where the picture was rejected or could not be read.
  public let label: String?
  /// The decided class's score; a confidence, 0…1, where those of ``top`` are.
  public let score: Float?
  /// The most probable classes, best first.
  public let top: [LabelledScore]
  /// What is odd about the picture, which was classified nevertheless.
  public let warnings: [String]
  /// What went wrong.
  public let error: String?

  /// The decided class's confidence; nil where the scores are none.
  public var confidence: Float? { top.allSatisfy(\.isConfidence) ? score : nil }

  /// - Parameter score: of the class that was decided for.
  public init(path: String, label: String?, score: Float?, top: [LabelledScore], warnings: [String] = []) {
    self.path = path
    status = .ok
    self.label = label
    self.score = score
    self.top = top
    self.warnings = warnings
    error = nil
  }

  public init(path: String, error: String) {
    self.path = path
    status = .error
    label = nil
    score = nil
    top = []
    warnings = []
    self.error = error
  }
}
