public import FoveaCore
public import FoveaImage

/// What ends a batch as a whole. What is wrong with one picture is a row of the batch instead.
public enum BatchError: FoveaError, Equatable {
  case invalidSetting(name: String, expected: String, got: String)
  /// None of the paths led to a picture, nor to anything that could be complained about.
  ///
  /// - Parameters:
  ///   - isChosen: whether globs had chosen among the files.
  ///   - isListed: whether one of the paths is a list of others.
  case nothingFound(paths: [String], passedOver: PassedOverFiles, isChosen: Bool = false, isListed: Bool = false)
  /// A file with paths, or a folder that is to be watched.
  case unreadableList(path: String, reason: String)
  /// The network itself failed, which no other picture would mend.
  case pipeline(PipelineError)
  /// What is saved beside the rows could not be written.
  case file(FileError)
  /// Somebody wanted it to end.
  case cancelled
  /// Rows of such results cannot be written so.
  case unsuitableFormat(kind: String, reason: String)
  /// There is the beginning of a run, which a new one would destroy.
  case unfinished(path: String)
  /// Nothing says how far a file is.
  case noProgress(path: String)
  /// Another process writes it.
  case busy(path: String)
  /// What a run was begun with is not what it is to go on with.
  case otherRun(path: String, difference: String)
  /// Parts cannot be put together.
  case unsuitableParts(String)

  public var description: String {
    switch self {
    case .invalidSetting(let name, let expected, let got): "'\(name)' must be \(expected), but is \(got)"
    case .nothingFound(let paths, let passedOver, let isChosen, let isListed):
      paths.isEmpty
        ? "no path was given; name pictures or folders with pictures"
        : "no picture in " + paths.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
          + (paths.count > 5 ? " and \(paths.count - 5) more" : "")
          + (passedOver.count > 0 ? ", which passed over \(passedOver.description)" : "")
          + ": expected "
          + (isListed ? "a path on each line of a list, and in folders " : "")
          + "files that end in " + PictureFiles.extensions.sorted().map { "." + $0 }.joined(separator: ", ")
          + (isChosen ? ", of which --include and --exclude leave some" : "")
    case .unreadableList(let path, let reason): "cannot read '\(path)': \(reason)"
    case .pipeline(let error): error.description
    case .file(let error): error.description
    case .cancelled: "the classification was cancelled"
    case .unsuitableFormat(let kind, let reason): "--format \(kind): \(reason)"
    case .unfinished(let path):
      "'\(path)' holds the first rows of a run that was not finished; go on with it with --resume, or delete "
        + "'\(path).progress' to begin anew"
    case .noProgress(let path):
      "cannot go on with '\(path)': no whole '\(path).progress' says how far it is. It is finished, or is none that "
        + "this program wrote; leave the option out to write it anew"
    case .busy(let path): "another process is writing '\(path)'; wait for its end, or choose another name"
    case .otherRun(let path, let difference):
      "cannot go on with '\(path)': \(difference). Rows of two runs would be mixed; give what it was begun with, or delete "
        + "'\(path).progress' to begin anew"
    case .unsuitableParts(let reason): reason
    }
  }
}
