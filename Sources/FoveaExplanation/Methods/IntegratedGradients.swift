import Foundation
public import FoveaCore

/// What each number adds to the score on the way from a baseline to the input: their difference times the mean gradient along a
/// straight line. All of it adds up to the difference of the scores.
///
/// Source: Sundararajan, Taly, Yan 2017, "Axiomatic Attribution for Deep Networks", equation 1, by Gauss's and Legendre's rule.
public struct IntegratedGradients: ExplanationMethod {
  /// Where the line begins, in the numbers that go into the network.
  public enum Baseline: String, Codable, Sendable, CaseIterable {
    /// 0, which behind a normalization is the mean color of what the network was trained with.
    case zero
    /// The input's own lowest number: mostly black.
    case lowest
    /// The input's own highest number: mostly white.
    case highest
    /// Each channel's mean over the input.
    case mean
  }

  public static let kind = "integratedGradients"
  public static let summary = "the mean gradient on the way from a baseline to the input, times their difference"
  public static let title = "integrated gradients"
  public static let place = ExplainedPlace.input
  public static let needsGradients = true
  public static let explanations = [
    "steps": "places on the line where gradients are taken", "baseline": "where the line begins",
  ]

  public var steps: Int
  public var baseline: Baseline

  public init() { self.init(steps: 50) }

  public init(steps: Int, baseline: Baseline = .zero) { (self.steps, self.baseline) = (steps, baseline) }

  public func checkSettings() throws(ConfigurationError) {
    try require("steps", Float(steps), "1 to 1000", (1...1000).contains(steps))
  }

  public func attribution(of network: any ExplainedNetwork) throws(ExplanationError) -> Attribution {
    let input = try [Float](of: network.input)
    let start = try start(network.input, input)
    let rule = Self.rule(steps)
    let mean = try network.meanGradient(samples: steps) { step, target in
      let share = Float(rule[step].place)
      for place in input.indices { target[place] = start[place] + share * (input[place] - start[place]) }
      return Float(rule[step].weight * Double(steps))
    }
    let values = try mean.withUnsafeFloats { gradients throws(ExplanationError) in
      try Tensor(places: mean.shape) { (input[$0] - start[$0]) * gradients[$0] }
    }
    return Attribution(values)
  }

  private func start(_ tensor: Tensor, _ input: [Float]) throws(ExplanationError) -> [Float] {
    let area = tensor.shape[2] * tensor.shape[3]
    let means: [Float] =
      switch baseline {
      case .zero: [0]
      case .lowest: [input.min() ?? 0]
      case .highest: [input.max() ?? 0]
      case .mean: (0..<tensor.shape[1]).map { input[$0 * area..<($0 + 1) * area].reduce(0, +) / Float(area) }
      }
    return try [Float](places: input.count) { means.count == 1 ? means[0] : means[$0 / area] }
  }

  /// Places in 0…1 and their weights, whose sum is 1: the roots of Legendre's polynomial, by Newton's method.
  ///
  /// Source: Abramowitz, Stegun 1964, "Handbook of Mathematical Functions", 25.4.30.
  static func rule(_ count: Int) -> [(place: Double, weight: Double)] {
    (0..<count).map { index in
      var x = cos(Double.pi * (Double(count - index) - 0.25) / (Double(count) + 0.5))
      var slope = 1.0
      for _ in 0..<100 {
        var (last, value) = (1.0, x)
        for n in stride(from: 2, through: count, by: 1) {
          (last, value) = (value, (Double(2 * n - 1) * x * value - Double(n - 1) * last) / Double(n))
        }
        slope = Double(count) * (x * value - last) / (x * x - 1)
        let step = value / slope
        x -= step
        if abs(step) < 1e-15 { break }
      }
      return ((x + 1) / 2, 1 / ((1 - x * x) * slope * slope))
    }
  }
}
