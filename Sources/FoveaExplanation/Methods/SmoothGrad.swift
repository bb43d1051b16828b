public import FoveaCore

/// The mean of the score's gradients by inputs with noise on them: what flickers goes, what matters stays.
///
/// Source: Smilkov, Thorat, Kim, Viégas, Wattenberg 2017, "SmoothGrad", section 2.
public struct SmoothGrad: ExplanationMethod {
  public static let kind = "smoothGrad"
  public static let summary = "the mean of gradients by inputs with noise on them"
  public static let title = "SmoothGrad"
  public static let place = ExplainedPlace.input
  public static let needsGradients = true
  public static let explanations = [
    "samples": "inputs with noise",
    "noise": "its deviation, as a share of the input's range from its lowest to its highest number",
  ]

  public var samples: Int
  /// Of the input's range.
  public var noise: Float

  public init() { self.init(samples: 32) }

  public init(samples: Int, noise: Float = 0.15) { (self.samples, self.noise) = (samples, noise) }

  public func checkSettings() throws(ConfigurationError) {
    try require("samples", Float(samples), "1 to 100000", (1...100_000).contains(samples))
    try require("noise", noise, "0 or more", noise >= 0)
  }

  public func attribution(of network: any ExplainedNetwork) throws(ExplanationError) -> Attribution {
    let input = try [Float](of: network.input)
    let deviation = noise * ((input.max() ?? 0) - (input.min() ?? 0))
    var random = SeededRandom(seed: network.seed)
    let mean = try network.meanGradient(samples: samples) { _, target in
      for place in input.indices { target[place] = input[place] + deviation * random.normal() }
      return 1
    }
    return Attribution(mean, .largestMagnitude)
  }
}

extension ExplainedNetwork {
  /// Σ weight·gradient / samples, over inputs that are written one after the other, as many at once as there is room for.
  ///
  /// - Parameter write: writes an input, and returns its weight.
  func meanGradient(
    samples: Int, _ write: (Int, UnsafeMutableBufferPointer<Float>) -> Float
  ) throws(ExplanationError) -> Tensor {
    let width = input.shape.count
    var sums = try [Double](places: width) { _ in 0 }
    var done = 0
    while done < samples {
      let count = min(batchSize, samples - done)
      var batch = try Tensor(changedExamples: count, like: input.shape)
      var weights: [Float] = []
      batch.withUnsafeMutableFloats { target in
        for row in 0..<count {
          weights.append(
            write(done + row, UnsafeMutableBufferPointer(rebasing: target[row * width..<(row + 1) * width])))
        }
      }
      try inputGradients(batch, nil).withUnsafeFloats { gradients in
        for row in 0..<count {
          let weight = Double(weights[row])
          for place in 0..<width { sums[place] += weight * Double(gradients[row * width + place]) }
        }
      }
      done += count
    }
    return try Tensor(places: input.shape) { Float(sums[$0] / Double(samples)) }
  }
}
