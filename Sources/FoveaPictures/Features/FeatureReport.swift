public import FoveaCore
public import FoveaModel

/// What ``FeaturePictures`` has drawn: the layers in order and their files.
public struct FeatureReport: Sendable, Codable, Equatable {
  public struct Picture: Sendable, Codable, Equatable {
    public enum Content: String, Sendable, Codable {
      /// The picture itself and what the network sees of it.
      case input
      /// The layer's maps, side by side.
      case maps
      /// The layer's outputs as bars.
      case values
      /// The layer's convolution kernels.
      case kernels
      /// The codes of a radial basis output, with distances.
      case codes
    }

    public let content: Content
    /// Of a layer with several outputs, which one is shown, where that is not the first: `split:1`.
    public internal(set) var output: String?
    /// The file's name in the folder.
    public let file: String
    /// In pixels.
    public let width: Int
    /// In pixels.
    public let height: Int
  }

  public struct Layer: Sendable, Codable, Equatable {
    public let name: String
    public let kind: String
    /// The layers whose outputs come in, or `input`.
    public let inputs: [String]
    /// Of the first output.
    public let outputShape: [Int]
    /// Of all that it puts out for this picture, as the two that follow.
    public let minimum: Float
    public let maximum: Float
    public let mean: Float
    /// The share of outputs that are exactly 0.
    public let zeros: Float
    /// Maps that are 0 everywhere for this picture; nil where the layer puts out none.
    public let deadMaps: Int?
    /// The share of outputs at the ends of a function that is bounded, where gradients vanish; nil of other layers.
    public let saturated: Float?
    /// Height and width of what a unit sees, in elements of the first input; nil where that is all of it, or nothing.
    public let receptiveField: [Int]?
    /// Of many pictures; nil where none were looked at.
    public let statistics: LayerStatistics?
    public let explanation: String
    public let pictures: [Picture]
  }

  /// One picture of a clip.
  public struct Frame: Sendable, Codable, Equatable {
    /// `clip.mp4#50@2.000s`
    public let name: String
    /// Nil where the frame was rejected, or the network yields something else than classes.
    public let label: String?
    public let confidence: Float?
  }

  public let model: String
  /// The picture's path; of several, those of all.
  public let image: String
  public let inputShape: [Int]
  /// Nil where the example was rejected.
  public let label: String?
  /// Nil where the example was rejected, or the scores are no confidences.
  public let confidence: Float?
  public let top: [LabelledScore]
  /// What the network yields, for people; nil where that is one class.
  public let result: String?
  public let input: Picture
  public let layers: [Layer]
  /// The page that shows all, in the folder.
  public let page: String
  /// Of a clip, what was decided frame by frame; all else is of the first one.
  public internal(set) var frames: [Frame]?
  /// What is odd about the picture's file, which was read nevertheless.
  public internal(set) var warnings: [String] = []
}
