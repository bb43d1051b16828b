/// One class of several: what the network says of one example, on its way from raw outputs to a decision.
///
/// It starts with the model's raw outputs as scores; each ``PostprocessingStep`` turns it into the next.
public struct Prediction: Sendable, Equatable {
  /// The classes' names, in the order of the model's outputs.
  public var labels: [String]
  /// One number per class; raw outputs at first, confidences 0…1 at the end.
  public var scores: [Float]
  /// Whether the scores are confidences, 0…1: a step that makes them so says so. Others are shown as the numbers that they
  /// are.
  public var areConfidences: Bool
  /// The index of the class that was decided for; nil while nobody has decided, or where a step rejected the example.
  public var decision: Int?

  public init(labels: [String], scores: [Float], areConfidences: Bool = false, decision: Int? = nil) {
    self.labels = labels
    self.scores = scores
    self.areConfidences = areConfidences
    self.decision = decision
  }

  /// Before any step: the largest output wins.
  init(outputs: [Float], labels: [String], areConfidences: Bool) {
    self.init(labels: labels, scores: outputs, areConfidences: areConfidences)
    decision = ranking.first
  }

  /// The same of outputs that are one number for each class.
  ///
  /// - Throws: ``PredictionError/shape(kind:expected:got:)`` where they are more than numbers in a row.
  init(_ outputs: NetworkOutputs) throws(PredictionError) {
    let output = outputs.output
    guard output.shape.dimensions.count(where: { $0 > 1 }) <= 1 else {
      throw .shape(
        kind: "classes",
        expected: "one number for each class, or a step that makes something else of them",
        got: output.shape)
    }
    self.init(
      outputs: output.values, labels: outputs.labels ?? output.values.indices.map(String.init),
      areConfidences: outputs.areConfidences)
  }

  /// Classes from the most to the least probable; equal ones in the order of the labels.
  public var ranking: [Int] {
    scores.indices.sorted { (scores[$0], $1) > (scores[$1], $0) }
  }

  /// The name of the class that was decided for; nil where the example was rejected.
  public var label: String? { decision.map(name) }

  /// The decided class's confidence, 0…1; nil where the example was rejected, or the scores are no confidences.
  public var confidence: Float? { areConfidences ? score : nil }

  /// The decided class's score, whatever it stands for; nil where the example was rejected.
  public var score: Float? { decision.flatMap { scores.indices.contains($0) ? scores[$0] : nil } }

  /// The `count` most probable classes, best first.
  public func best(_ count: Int) -> [LabelledScore] {
    ranking.prefix(max(count, 0)).map {
      LabelledScore(label: name($0), score: scores[$0], isConfidence: areConfidences)
    }
  }

  /// A class without a name goes by its number.
  private func name(_ index: Int) -> String { labels.indices.contains(index) ? labels[index] : String(index) }
}

/// Scores that are no confidences are called `score` and not `confidence`.
extension Prediction: TaskResult {
  public static let kind = "oneClass"
  public var isRanked: Bool { true }

  private var scoreName: String { areConfidences ? "confidence" : "score" }

  public func fields(top: Int) -> [ResultField] {
    let best = best(top).map { best in
      ResultValue.record([ResultField("label", .text(best.label)), ResultField(scoreName, .number(best.score))])
    }
    return [
      ResultField("label", label.map { .text($0) } ?? .null),
      ResultField(scoreName, score.map { .number($0) } ?? .null),
      ResultField("top", .list(best), isDetail: true),
    ]
  }

  public func cells(top: Int) -> [ResultCell] {
    // With a threshold, the class that was decided for need not be the most probable one.
    let others = best(scores.count).filter { $0.label != label }.prefix(max(label == nil ? top : top - 1, 0))
      .map { "\($0.label) \(shown($0.score))" }
    return [
      ResultCell("label", label ?? "(rejected)"),
      ResultCell(scoreName, score.map(shown) ?? "-", isNumber: true),
      ResultCell(min(top, scores.count) > 1 ? "then" : "", others.joined(separator: ", ")),
    ]
  }

  private func shown(_ score: Float) -> String {
    areConfidences ? NumberText.percent(score) : NumberText.short(score)
  }
}
