/// What can go wrong with a picture.
public enum ImageError: FoveaError, Equatable {
  /// The file cannot be opened or read; `as` says the same in a word.
  case unreadable(path: String, reason: String, as: FailureReason = .unreadable)
  /// The bytes are no picture, or a damaged one.
  case undecodable(source: String, reason: String, as: FailureReason = .damaged)
  /// The picture is larger than the limit.
  case tooLarge(source: String, width: Int, height: Int, limit: String)
  /// There is not enough memory: for the file, or for its pixels.
  case outOfMemory(source: String, needed: String)
  case unencodable(target: String, reason: String)
  case pixelCount(width: Int, height: Int, channels: Int, got: Int)
  /// A step has a setting that it cannot work with.
  case invalidConfiguration(kind: String, key: String, expected: String, got: String)
  /// A step does not go with the picture that it was given.
  case invalidInput(kind: String, expected: String, got: String)
  case failed(kind: String, message: String)
  /// A step moves pictures and does not say where their points go.
  case unknownGeometry(kind: String)

  public var description: String {
    switch self {
    case .unreadable(let path, let reason, _): "cannot read '\(path)': \(reason)"
    case .undecodable(let source, let reason, _): "cannot decode \(source): \(reason)"
    case .tooLarge(let source, let width, let height, let limit):
      "\(source) is \(width)×\(height) pixels, more than the limit of \(limit); scale it down first"
    case .outOfMemory(let source, let needed):
      "cannot decode \(source): there is not enough memory for \(needed); run with fewer threads or more memory"
    case .unencodable(let target, let reason): "cannot write '\(target)': \(reason)"
    case .pixelCount(let width, let height, let channels, let got):
      "an image of \(width)×\(height) pixels and \(channels.counted("channel")) cannot have \(got.counted("value"))"
    case .invalidConfiguration(let kind, let key, let expected, let got):
      "\(kind): '\(key)' must be \(expected), but is \(got)"
    case .invalidInput(let kind, let expected, let got): "\(kind): expects \(expected), but got \(got)"
    case .failed(let kind, let message): "\(kind): \(message)"
    case .unknownGeometry(let kind):
      "\(kind): it is not known where it moves a picture's points, so that nothing can be brought back to the original; "
        + "expected a step that keeps the picture's size or says so in 'transform(from:to:)'"
    }
  }
}
