public import FoveaCore

/// What can go wrong when points are compared or projected.
public enum ProjectionError: FoveaError, Equatable {
  /// Too few points for what is to be done with them.
  case tooFewPoints(expected: Int, got: Int)
  /// A point holds what is no finite number.
  case notFinite(point: Int)
  /// Points of different dimensions.
  case dimensions(expected: Int, got: Int)
  /// A setting out of its range.
  case invalidSetting(kind: String, key: String, expected: String, got: String)
  /// A kernel failed.
  case kernel(String)
  case file(FileError)
  /// Somebody wanted no more.
  case cancelled

  public var description: String {
    switch self {
    case .tooFewPoints(let expected, let got):
      "\(expected) points or more are needed, but there are \(got); give more images"
    case .notFinite(let point): "point \(point) holds a number that is not finite; leave it out"
    case .dimensions(let expected, let got): "points of \(expected) dimensions are expected, but these have \(got)"
    case .invalidSetting(let kind, let key, let expected, let got):
      "\(kind): '\(key)' must be \(expected), but is \(got)"
    case .kernel(let message): "oneDNN: \(message)"
    case .file(let error): error.description
    case .cancelled: "cancelled"
    }
  }
}
