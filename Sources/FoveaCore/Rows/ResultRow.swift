/// What a batch says of one picture.
public struct ResultRow: Sendable, Equatable {
  public enum Status: String, Sendable, Codable {
    case ok
    case error
  }

  /// As given, or as found below a folder that was given; of a name that is no UTF-8, as ``FilePath/description``.
  public let path: String
  public let status: Status
  /// What the pipeline yielded; nil where the picture could not be read.
  public let result: (any TaskResult)?
  /// What is odd about the picture, which has a result nevertheless.
  public let warnings: [String]
  /// What went wrong.
  public let error: String?
  /// The same in a word; nil where nothing did.
  public let reason: FailureReason?
  /// The file that it is of; nil where it is of several, or of none.
  public let file: FilePath?
  /// Its place among the inputs of its run, from 1; 0 where it is of none.
  public var number = 0

  public init(path: String, result: any TaskResult, warnings: [String] = [], file: FilePath? = nil) {
    self.path = path
    self.file = file
    status = .ok
    self.result = result
    self.warnings = warnings
    error = nil
    reason = nil
  }

  public init(path: String, error: String, reason: FailureReason = .failed, file: FilePath? = nil) {
    self.path = path
    self.file = file
    status = .error
    result = nil
    warnings = []
    self.error = error
    self.reason = reason
  }

  /// The same with one more thing that is odd.
  package func warning(of text: String) -> ResultRow {
    guard let result else { return self }
    var row = ResultRow(path: path, result: result, warnings: warnings + [text], file: file)
    row.number = number
    return row
  }

  /// Whether they say the same, wherever they stand.
  public static func == (one: ResultRow, other: ResultRow) -> Bool {
    guard one.path == other.path, one.warnings == other.warnings, one.error == other.error, one.reason == other.reason
    else { return false }
    guard let result = one.result, let otherResult = other.result else { return one.status == other.status }
    return result.equals(otherResult)
  }

  /// All warnings as one.
  public var warning: String? { warnings.isEmpty ? nil : warnings.joined(separator: "; ") }
}

/// Of a model that decides for one class.
extension ResultRow {
  /// Nil where the result is another, or there is none.
  public var prediction: Prediction? { result as? Prediction }

  /// The class that was decided for; nil where the picture was rejected or could not be read.
  public var label: String? { prediction?.label }

  /// The decided class's score; a confidence, 0…1, where the scores are.
  public var score: Float? { prediction?.score }

  /// The decided class's confidence; nil where the scores are none.
  public var confidence: Float? { prediction?.confidence }

  /// The most probable classes, best first.
  public func best(_ count: Int) -> [LabelledScore] { prediction?.best(count) ?? [] }
}
