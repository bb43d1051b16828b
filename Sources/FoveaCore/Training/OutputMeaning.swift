/// What a network's outputs stand for. A loss trains them to be one of these, a postprocessing step takes them for one,
/// and where the two differ, the decisions are not those that were trained.
public enum OutputMeaning: String, Sendable, CaseIterable {
  /// One number for each class, the larger the more probable, of any sign and size: what a softmax makes confidences of.
  case logits
  /// One number for two classes, positive for the second: what a sigmoid makes confidences of.
  case logit
  /// One number for each class, 0 or more, the smaller the more probable.
  case distances
  /// One number for each class, 1 for the right one and 0 for the others.
  case indicators
  /// One number for each of several labels at once, positive for a label that is there: what a sigmoid each makes
  /// confidences of.
  case labelLogits
  /// The numbers that are asked for, as they are.
  case numbers
}
