public import FoveaCore

extension DatasetPart {
  /// The part that a folder's name stands for: `train`, `Training Set`, `val-images`, `test_set`, `dev`; nil for others.
  ///
  /// Case, digits at the end and `-`, `_`, `.` and spaces do not count, nor do words such as `set` and `images`.
  public init?(folderName: String) {
    var name = folderName.lowercased().filter { !"-_. ".contains($0) }[...]
    while name.last?.isNumber == true { name.removeLast() }
    while let word = Self.fillers.first(where: { name.hasSuffix($0) && name.count > $0.count }) {
      name.removeLast(word.count)
    }
    while let word = Self.fillers.first(where: { name.hasPrefix($0) && name.count > $0.count }) {
      name.removeFirst(word.count)
    }
    guard let part = Self.allCases.first(where: { $0.words.contains(String(name)) }) else { return nil }
    self = part
  }

  private var words: [String] {
    switch self {
    case .training: ["train", "training"]
    case .validation: ["val", "valid", "validate", "validation", "dev", "development"]
    case .test: ["test", "testing", "eval", "evaluation", "holdout"]
    }
  }

  private static let fillers = ["dataset", "set", "data", "images", "image", "pictures", "photos", "split", "part"]

  /// The parts that serve as this one, the best one first. Where only one of validation and test data is kept apart, it
  /// serves as both.
  var substitutes: [DatasetPart] {
    switch self {
    case .training: [.training]
    case .validation: [.validation, .test]
    case .test: [.test, .validation]
    }
  }

  /// How the names of this part's IDX files start, the best one first. MNIST's tenth thousand is its test part.
  var filePrefixes: [String] {
    switch self {
    case .training: ["train"]
    case .validation, .test: ["t10k", "test"]
    }
  }
}
