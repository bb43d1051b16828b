public import FoveaCore
public import FoveaModel
public import FoveaTraining

/// All that is worth knowing of a model and how it came to be: what a report shows. ``html`` is the page.
///
/// ``init(_:on:registry:pool:settings:)`` looks at a model and labelled data; who has run the training adds its
/// ``history`` and ``commands``.
public struct RunReport: Sendable {
  /// A picture that is part of the page.
  public struct Picture: Sendable {
    /// Of a PNG or JPEG file.
    public let bytes: [UInt8]
    /// `png` or `jpeg`.
    public let type: String
    /// In pixels.
    public let size: ImageSize
    /// For who cannot see it.
    public let words: String
  }

  /// What there is to say of one of the model's outputs.
  public struct Output: Sendable {
    public let name: String
    public let evaluation: Evaluation
    /// What it says of each example; nil where it is none of classes, labels or numbers.
    public let judged: JudgedOutput?
    /// How it decides, in sentences.
    public let decision: [String]

    /// Nil where no class is decided for, or its result is none of one class.
    public var scores: ScoredExamples? { judged?.scores }
  }

  /// An example that was decided wrong.
  public struct Mistake: Sendable {
    /// Nil where it cannot be shown.
    public let picture: Picture?
    public let name: String
    public let right: LabelledScore
    /// Nil where it was rejected.
    public let decided: LabelledScore?
  }

  /// An example of which labels were decided wrong.
  public struct LabelMistake: Sendable {
    /// Nil where it cannot be shown.
    public let picture: Picture?
    public let name: String
    /// Those that it has and was not given.
    public let missed: [LabelledScore]
    /// Those that it was given and has not.
    public let wronglyGiven: [LabelledScore]
    /// Those that it has and was given.
    public let found: [LabelledScore]
  }

  /// An example whose numbers are far off.
  public struct NumberMistake: Sendable {
    public struct Number: Sendable, Equatable {
      public let name: String
      public let value: Double
      /// What is right.
      public let target: Double
    }

    /// Nil where it cannot be shown.
    public let picture: Picture?
    public let name: String
    /// The one first that is farthest off, in units of its root mean square error.
    public let numbers: [Number]
  }

  /// An example as it is, and what augmentation made of it in several passes.
  public struct Variations: Sendable {
    public let name: String
    public let original: Picture
    public let augmented: [Picture]
  }

  /// Some of a layer's maps.
  public struct LayerMaps: Sendable {
    public let name: String
    public let kind: String
    public let explanation: String
    public let maps: [Picture]
    /// How many it has, shown or not.
    public let count: Int
  }

  /// One example on its way through the network.
  public struct Walk: Sendable {
    public let name: String
    public let input: Picture
    public let best: [LabelledScore]
    public let layers: [LayerMaps]
  }

  /// What the figures are of.
  public struct Source: Sendable {
    public let name: String
    public let count: Int
    /// Of the examples' names and what is right for them, in hexadecimal.
    public let fingerprint: String
    /// What could not be read and was left out.
    public let failures: [String]
  }

  public var description: ModelDescription
  public var training: TrainingRecord?
  /// Numbers in all parameters.
  public var parameters: Int
  public var data: Source
  public var outputs: [Output]
  /// The figures of each pass; none where nobody has them.
  public var history: [EpochMetrics] = []
  /// The worst first.
  public var mistakes: [Mistake] = []
  /// Of the first output of several labels, where none decides for a class.
  public var labelMistakes: [LabelMistake] = []
  /// Of the first output of numbers, where none decides for a class or for labels.
  public var numberMistakes: [NumberMistake] = []
  /// All of them, shown or not; of numbers, all examples.
  public var mistakeCount = 0
  public var variations: [Variations] = []
  public var walk: Walk?
  /// The command lines that make model and report again, as their arguments.
  public var commands: [[String]] = []
  /// When it was made; left out where nil.
  public var date: String?

  /// The page: one file that needs nothing from elsewhere.
  public var html: String { ReportPage(self).html }
}
