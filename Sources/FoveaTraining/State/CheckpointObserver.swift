public import FoveaCore

/// Writes the state of the training to one file now and then: ``Checkpoints``, for a recipe.
public struct CheckpointObserver: RecipeObserver {
  public static let kind = "checkpoints"
  public static let summary = "writes the state to a file after each pass and now and then, for --resume"
  public static let requiredKeys: Set = ["file"]
  public static let explanations = [
    "file": "the file, which is replaced each time", "seconds": "between two states within a pass; 0 for each step",
  ]

  public var file: String
  public var seconds: Double = 60

  public static var prototype: Self { Self(file: "") }

  public init(file: String, seconds: Double = 60) {
    (self.file, self.seconds) = (file, seconds)
  }

  public func checkSettings() throws {
    guard seconds >= 0, seconds <= 1e6 else {
      throw ConfigurationError.invalidValue(
        owner: "observer '\(Self.kind)'", key: "seconds", expected: "0 to 1000000", got: "\(seconds)")
    }
  }

  /// - Throws: ``FileError`` where the file cannot be written: better now than after the first pass.
  public func begin() throws -> any TrainingObserver {
    _ = try AtomicFile(file)
    return Checkpoints(to: file, interval: .seconds(seconds))
  }
}
