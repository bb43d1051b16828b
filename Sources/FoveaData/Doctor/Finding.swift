/// Something about a data set that a person should look at.
public struct Finding: Sendable, Equatable {
  public enum Weight: String, Sendable, Encodable {
    /// It is certain, and training or its figures are wrong with it: a file that cannot be read, the same file in two parts.
    case defect
    /// A person has to say whether it matters.
    case taste
  }

  public let weight: Weight
  /// What was found, in words.
  public let text: String
  /// What is told of each check by ``CheckReport/bound``; nil where there is nothing to measure.
  public let figure: Double?
  /// What the figure was held against.
  public let threshold: Double?
  /// What to do.
  public let advice: String
  /// Whether pictures that belong together lie in several parts, or in several classes; empty where there is but one.
  public let across: [String]
  /// Numbers in ``DataSurvey/pictures``; empty where it is about no picture.
  public let pictures: [Int]

  public init(
    weight: Weight = .taste, text: String, figure: Double? = nil, threshold: Double? = nil, advice: String,
    across: [String] = [], pictures: [Int]
  ) {
    (self.weight, self.text, self.advice) = (weight, text, advice)
    (self.figure, self.threshold) = (figure, threshold)
    (self.across, self.pictures) = (across, pictures)
  }
}
