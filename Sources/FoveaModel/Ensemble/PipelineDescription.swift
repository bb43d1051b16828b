import Foundation
public import FoveaCore

/// What a person writes to have several models, or one model several times, judge a picture together: a YAML file that takes the
/// place of a model file.
///
/// ```yaml
/// models: [a.safetensors, b.safetensors]
/// average: probabilities
/// augment: [horizontalFlip]
/// ```
public struct PipelineDescription: Configurable {
  public static let requiredKeys: Set = ["models"]
  public static let explanations = [
    "models": "model files beside this one, whose results are averaged; labels and thresholds are the first one's",
    "average": "what is averaged: confidences and numbers, or the networks' outputs before postprocessing",
    "augment":
      "how each picture is seen once more, with what it makes averaged, too; 'fovea kinds views' lists them",
  ]

  /// Paths of model files; relative ones from the description's folder.
  public var models: [String] = []
  public var average = Averaging.probabilities
  /// The kinds and settings of each ``View``, besides the picture as it is, which always counts.
  public var augment: KindDescriptions?

  public init() {}

  /// Reads a YAML file.
  ///
  /// - Throws: ``DescriptionError`` for what is no valid YAML, ``EnsembleError`` for unknown keys and for no model.
  public init(contentsOf path: String) throws {
    guard case .object(let values) = try ConfigurationValue(yamlFile: path) else {
      throw DescriptionError(
        source: path, line: nil, problem: "a pipeline is a group of keys, such as 'models: [a.safetensors]'")
    }
    do throws(ConfigurationError) {
      self = try ConfigurationDecoder.decode(Self.self, from: values, owner: "the pipeline '\(path)'")
      guard !models.isEmpty else {
        throw .invalidValue(
          owner: "the pipeline '\(path)'", key: "models", expected: "one model file at least", got: "empty")
      }
    } catch { throw EnsembleError.configuration(error) }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    models = models.map { URL(fileURLWithPath: $0, relativeTo: folder).path }
  }
}

/// What is averaged of several models' results.
public enum Averaging: String, Sendable, Codable, CaseIterable {
  /// Confidences, and numbers in their units.
  case probabilities
  /// What the networks put out before any postprocessing.
  case logits
}
