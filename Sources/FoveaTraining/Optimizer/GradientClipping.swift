public import FoveaCore

/// Keeps a step's gradient from being large: first its norm over all weights, then each of its numbers.
public struct GradientClipping: Configurable {
  public static let explanations = [
    "norm": "the largest root of the sum of all squares; where it is larger, all numbers shrink alike",
    "value": "the largest magnitude of each number; what is larger becomes that",
  ]

  public var norm: Float?
  public var value: Float?

  public init() {}

  public init(norm: Float? = nil, value: Float? = nil) {
    (self.norm, self.value) = (norm, value)
  }

  func validate() throws(TrainingError) {
    for (name, limit) in [("norm", norm), ("value", value)] {
      if let limit, !(limit > 0 && limit.isFinite) {
        throw .invalidSetting(name: "'\(name)' of 'clipping'", expected: "a positive number", got: "\(limit)")
      }
    }
    guard norm != nil || value != nil else {
      throw .invalidSetting(name: "'clipping'", expected: "a group with 'norm', 'value' or both", got: "empty")
    }
  }
}

/// What is done to gradients, piece by piece, before they are used.
struct GradientAdjustment {
  var scale: Float = 1
  var limit: Float?

  func apply(_ gradients: UnsafeMutablePointer<Float>, _ count: Int) {
    if scale != 1 { for i in 0..<count { gradients[i] *= scale } }
    guard let limit else { return }
    // What is no finite number stays, so that it is found.
    for i in 0..<count where gradients[i].isFinite { gradients[i] = max(-limit, min(limit, gradients[i])) }
  }
}
