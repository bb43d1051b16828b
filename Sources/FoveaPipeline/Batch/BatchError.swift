public import FoveaCore
public import FoveaImage

/// What ends a batch as a whole. What is wrong with one picture is a row of the batch instead.
public enum BatchError: FoveaError, Equatable {
  case invalidSetting(name: String, expected: String, got: String)
  /// None of the paths led to a picture, nor to anything that could be complained about.
  case nothingFound(paths: [String], passedOver: PassedOverFiles)
  /// The network itself failed, which no other picture would mend.
  case pipeline(PipelineError)
  /// What is saved beside the rows could not be written.
  case file(FileError)
  /// Somebody wanted it to end.
  case cancelled

  public var description: String {
    switch self {
    case .invalidSetting(let name, let expected, let got): "'\(name)' must be \(expected), but is \(got)"
    case .nothingFound(let paths, let passedOver):
      paths.isEmpty
        ? "no path was given; name pictures or folders with pictures"
        : "no picture in " + paths.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
          + (paths.count > 5 ? " and \(paths.count - 5) more" : "")
          + (passedOver.count > 0 ? ", which passed over \(passedOver.description)" : "")
          + ": expected files that end in " + PictureFiles.extensions.sorted().map { "." + $0 }.joined(separator: ", ")
    case .pipeline(let error): error.description
    case .file(let error): error.description
    case .cancelled: "the classification was cancelled"
    }
  }
}
