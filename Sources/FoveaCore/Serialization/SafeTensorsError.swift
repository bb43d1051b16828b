/// What can go wrong with a safetensors file.
public enum SafeTensorsError: FoveaError, Equatable {
  case file(FileError)
  /// The file as a whole is not what the format says.
  case invalidFile(file: String, expected: String, got: String)
  /// The header cannot be read; `offset` counts bytes from its start.
  case invalidHeader(file: String, offset: Int, problem: String)
  /// One tensor's entry is wrong.
  case invalidTensor(file: String, tensor: String, expected: String, got: String)

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .invalidFile(let file, let expected, let got):
      "'\(file)' is no valid safetensors file: expected \(expected), but got \(got); \(Self.mend)"
    case .invalidHeader(let file, let offset, let problem):
      "'\(file)' is no valid safetensors file: \(problem), at byte \(offset) of its header; \(Self.mend)"
    case .invalidTensor(let file, let tensor, let expected, let got):
      "'\(file)', tensor '\(tensor)': expected \(expected), but got \(got); \(Self.mend)"
    }
  }

  private static let mend = "the file is damaged, cut off or of another kind: save or fetch it again"
}
