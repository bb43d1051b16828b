/// Which part of a data set is wanted.
public enum DatasetPart: String, Sendable, CaseIterable {
  /// What the network learns from.
  case training
  /// What training is watched by.
  case validation
  /// What the finished network is judged by.
  case test

  /// The subfolders that hold this part, the best one first. Where only one of validation and test data is kept apart,
  /// it serves as both.
  var folderNames: [String] {
    switch self {
    case .training: ["train", "training"]
    case .validation: ["validation", "valid", "val", "test", "testing"]
    case .test: ["test", "testing", "validation", "valid", "val"]
    }
  }

  /// How the names of this part's IDX files start, the best one first. MNIST's tenth thousand is its test part.
  var filePrefixes: [String] {
    switch self {
    case .training: ["train"]
    case .validation, .test: ["t10k", "test"]
    }
  }

  static let allFolderNames = Set(allCases.flatMap(\.folderNames))
}
