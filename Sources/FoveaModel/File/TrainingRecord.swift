public import FoveaCore

/// How a model came to be: what is worth knowing of its training, for people to read. All of it is optional.
public struct TrainingRecord: Sendable, Codable, Equatable {
  /// What it was trained on, in words.
  public var data: String?
  public var trainingCount: Int?
  public var validationCount: Int?
  /// Images of both parts that could not be used and were left out.
  public var leftOutCount: Int?
  public var epochs: Int?
  public var batchSize: Int?
  /// Into how many parts each batch was cut. The same number, seed and instructions give the same weights.
  public var parts: Int?
  /// How many threads computed, where the weights depend on it; see ``parts``.
  public var threads: Int?
  /// What convolutions and dense layers multiplied.
  public var precision: Precision?
  /// The instructions of the toolkit's own kernels, and the version of oneDNN.
  public var kernels: String?
  /// The optimizer's name, and its settings.
  public var optimizer: String?
  public var settings: [String: ConfigurationValue]?
  /// All settings of the recipe, also those that were left out, as a recipe of its own.
  public var recipe: [String: ConfigurationValue]?
  /// Where the recipe's kinds came from that are not built in.
  public var origins: [KindOrigin]?
  /// The epoch after which the weights were what they are, where that is not the last.
  public var weightsOf: Int?
  /// After the epoch whose weights these are, on the validation part.
  public var loss: Double?
  /// After the same, on the validation part, 0…1.
  public var accuracy: Double?
  /// The version of the toolkit that trained it.
  public var toolkit: String?
  /// Left out where the same training should give the same file.
  public var date: String?
  public var notes: [String: String]?
  // As a text, since JSON's numbers do not reach so far.
  private var seedText: String?

  public var seed: UInt64? {
    get { seedText.flatMap { UInt64($0) } }
    set { seedText = newValue.map { String($0) } }
  }

  /// ``recipe`` as YAML, which can be trained by again.
  public var recipeYAML: String? { recipe.map { YAMLWriter.write($0) } }

  public init() {
    toolkit = Toolkit.version
  }

  private enum CodingKeys: String, CodingKey {
    case data, trainingCount, validationCount, leftOutCount, epochs, batchSize, parts, threads, precision, kernels
    case optimizer, settings, recipe, origins, weightsOf, loss, accuracy, toolkit, date
    case notes
    case seedText = "seed"
  }
}
