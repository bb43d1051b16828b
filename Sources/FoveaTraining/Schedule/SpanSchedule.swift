public import FoveaCore

/// A learning rate for each of several spans of passes; the last one holds to the end.
public struct SpanSchedule: Schedule {
  public static let kind = "spans"
  public static let summary = "a learning rate for each of several spans of passes; a list stands for it"
  public static let explanations = [
    "spans": "how many passes each rate holds for; the last one holds to the end; where empty, the optimizer's own does"
  ]

  public var spans: [Nested<Span>] = []

  public init() {}

  public init(_ spans: [Span]) {
    self.spans = spans.map { Nested($0) }
  }

  public struct Span: Configurable {
    public var epochs = 1
    public var learningRate: Float = 0
    public static let requiredKeys: Set = ["epochs", "learningRate"]
    public static let explanations = [
      "epochs": "how many passes the rate holds for",
      "learningRate": "how far a step goes",
    ]

    public init() {}

    public init(epochs: Int, learningRate: Float) {
      self.epochs = epochs
      self.learningRate = learningRate
    }
  }

  public func checkSettings() throws {
    for span in spans.map(\.value)
    where !((1...1_000_000).contains(span.epochs) && span.learningRate > 0 && span.learningRate.isFinite) {
      throw ConfigurationError.invalidValue(
        owner: "a span of the schedule", key: "", expected: "one epoch or more at a positive learning rate",
        got: "\(span.epochs) at \(span.learningRate)")
    }
  }

  public func learningRate(pass: Int, of count: Int, from rate: Float) -> Float {
    var last = 0
    for span in spans.map(\.value) {
      last += span.epochs
      if pass <= last { return span.learningRate }
    }
    return spans.last?.value.learningRate ?? rate
  }
}
