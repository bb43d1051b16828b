public import FoveaCore

/// What can go wrong when a training is saved or resumed.
public enum TrainingStateError: FoveaError, Equatable {
  case safeTensors(SafeTensorsError)
  /// A safetensors file that is something else, such as a model.
  case notAState(file: String)
  case otherFormat(file: String, format: Int, known: Int, toolkit: String)
  /// What the file says of the training makes no sense.
  case invalid(file: String, problem: String)
  /// The file's content is not what its checksum was made of.
  case damaged(file: String)
  /// The training that was saved is another one than the one that is to go on.
  case mismatch(state: String, what: String, saved: String, here: String)
  /// What was saved does not fit the network or the data.
  case training(state: String, error: TrainingError)

  public var description: String {
    switch self {
    case .safeTensors(let error): error.description
    case .notAState(let file):
      "'\(file)' is a safetensors file, but no state of a training: its metadata has no entry 'fovea-training'; give a "
        + "folder that '--run' made, or a file that 'TrainingState.write' wrote"
    case .otherFormat(let file, let format, let known, let toolkit):
      "'\(file)' has format \(format) and was saved by Fovea \(toolkit); this is Fovea \(Toolkit.version), which reads "
        + "format \(known): resume with the version that it was begun with"
    case .invalid(let file, let problem):
      "'\(file)': what it says of the training makes no sense: \(problem); take another state, or begin anew"
    case .damaged(let file):
      "'\(file)' is damaged: its content does not match its checksum; take another state, or begin anew"
    case .mismatch(let state, let what, let saved, let here):
      "\(state) is of another training: its \(what) is \(saved), but here it is \(here); resume it with all that it was "
        + "begun with, or begin anew"
    case .training(let state, let error): "\(state): \(error)"
    }
  }
}
