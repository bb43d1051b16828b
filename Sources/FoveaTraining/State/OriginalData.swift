import FoveaCore
import FoveaData

extension TrainingRun {
  /// The data as it was given, before anything was left out.
  final class OriginalData {
    let loader: BatchLoader
    let validationLoader: BatchLoader?
    // A look at every example's name takes a moment, and most runs are never saved.
    private(set) lazy var trainingIdentity = Self.identity(of: loader.dataset)
    private(set) lazy var validationIdentity = validationLoader.map { Self.identity(of: $0.dataset) }

    init(_ loader: BatchLoader, _ validationLoader: BatchLoader?) {
      self.loader = loader
      self.validationLoader = validationLoader
    }

    /// How many examples there are, and their names and classes as a number.
    private static func identity(of dataset: Dataset) -> ConfigurationValue {
      let digits = String(dataset.checksum, radix: 16)
      return .object([
        "count": .integer(dataset.count),
        "names and targets (checksum)": .string(String(repeating: "0", count: 8 - digits.count) + digits),
      ])
    }
  }
}
