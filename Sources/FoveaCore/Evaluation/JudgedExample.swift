/// What a metric looks at: what was decided for one example, beside what is right for it.
///
/// There is one for each sort of judgement: ``JudgedClass``, ``JudgedLabels``, ``JudgedNumbers``. A metric of another sort of
/// result brings its own.
public protocol JudgedExample: Sendable {
  /// The targets that there are such examples of.
  static var targets: [TargetKind] { get }

  /// Nil where result and target are none that go together.
  ///
  /// - Parameter index: which of `targets` is the example's, from 0.
  init?(_ result: any TaskResult, _ targets: Targets, _ index: Int)
}

/// An example of one class.
public struct JudgedClass: JudgedExample {
  public static let targets = [TargetKind.oneClass]

  public let prediction: Prediction
  /// The right class.
  public let target: Int

  public init?(_ result: any TaskResult, _ targets: Targets, _ index: Int) {
    guard let prediction = result as? Prediction, case .classes(let classes) = targets else { return nil }
    let target = classes[classes.startIndex + index]
    guard prediction.scores.indices.contains(target) else { return nil }
    (self.prediction, self.target) = (prediction, target)
  }
}

/// An example of several labels at once; or of one class, each class being a label that is right or not.
public struct JudgedLabels: JudgedExample {
  public static let targets = [TargetKind.oneClass, .labels]

  /// How sure the network is of each label; the larger the surer.
  public let scores: [Float]
  /// Whether the scores are confidences, 0…1.
  public let areConfidences: Bool
  /// Whether there is always one that is right, and no other.
  public let isOneClass: Bool
  /// Whether each was decided for.
  public let decisions: [Bool]
  /// Whether each is right.
  public let truths: [Bool]

  public init?(_ result: any TaskResult, _ targets: Targets, _ index: Int) {
    switch (result, targets) {
    case (let prediction as Prediction, .classes(let classes)):
      let target = classes[classes.startIndex + index]
      guard prediction.scores.indices.contains(target) else { return nil }
      (scores, areConfidences, isOneClass) = (prediction.scores, prediction.areConfidences, true)
      decisions = prediction.scores.indices.map { $0 == prediction.decision }
      truths = prediction.scores.indices.map { $0 == target }
    case (let result as Labels, .labels(let rows)):
      guard result.labels.count == rows.width else { return nil }
      (scores, areConfidences, isOneClass) = (result.labels.map(\.confidence), true, false)
      decisions = result.labels.map(\.isDecided)
      truths = rows[index].map { $0 > 0.5 }
    default: return nil
    }
  }
}

/// An example of numbers, in the data's own units.
public struct JudgedNumbers: JudgedExample {
  public static let targets = [TargetKind.numbers]

  public let values: [Double]
  public let targets: [Double]

  public init?(_ result: any TaskResult, _ targets: Targets, _ index: Int) {
    guard let result = result as? Numbers, case .numbers(let rows) = targets, rows.width == result.numbers.count else {
      return nil
    }
    values = result.numbers.map { Double($0.value) }
    self.targets = rows[index].map(Double.init)
  }
}
