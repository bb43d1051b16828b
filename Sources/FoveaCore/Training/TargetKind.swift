/// What is to be learned of an example: a loss takes one kind, and a data set says which it gives.
public enum TargetKind: String, Sendable, CaseIterable, CustomStringConvertible {
  /// One of several classes.
  case oneClass
  /// Any number of several labels at once, none too.
  case labels
  /// One number or several: regression.
  case numbers
  /// A class for each pixel.
  case mask
  /// Any number of boxes with a class each.
  case boxes

  public var description: String {
    switch self {
    case .oneClass: "one class"
    case .labels: "several labels at once"
    case .numbers: "numbers"
    case .mask: "a mask"
    case .boxes: "boxes"
    }
  }
}
