public import FoveaCore
import FoveaModel

/// Whether, and how, a running mean of all weights is kept, by which the network is judged and which is saved.
public struct WeightAveraging: Configurable {
  public static let explanations = [
    "decay": "the weight of the past in each step's mean, from 0 to below 1; less in the beginning, (1 + t) / (10 + t)"
  ]

  /// The weight of the past after many steps.
  public var decay: Float = 0.999

  public init() {}

  public init(decay: Float) { self.decay = decay }

  func validate() throws(TrainingError) {
    guard decay >= 0, decay < 1 else {
      throw .invalidSetting(name: "'decay' of 'averaging'", expected: "0 or more and below 1", got: "\(decay)")
    }
  }
}

/// Running means of all of a model's numbers: ā ← k·ā + (1 − k)·a after step t, with k = min(decay, (1 + t) / (10 + t)).
///
/// Source: TensorFlow's `ExponentialMovingAverage` with `num_updates`; running statistics are averaged too, as in timm.
struct WeightAverages: Sendable {
  let averaging: WeightAveraging
  /// As ``Model/parameters``.
  var tensors: [[Tensor]]

  init(_ averaging: WeightAveraging, of model: Model) {
    self.averaging = averaging
    tensors = model.parameters
  }

  /// The weight of what comes.
  func share(step: Int) -> Float { 1 - min(averaging.decay, Float(1 + step) / Float(10 + step)) }

  /// The memory of one parameter's mean, which nobody else holds then.
  mutating func address(of place: ParameterPlace) -> UnsafeMutablePointer<Float> {
    tensors[place.node][place.index].withUnsafeMutableFloats { _ in }
    return tensors[place.node][place.index].address
  }

  /// Averages what no optimizer changes, such as running statistics.
  mutating func addStates(of model: Model, step: Int) {
    let share = share(step: step)
    for (node, layer) in model.nodes.enumerated() {
      for (index, parameter) in layer.parameters.enumerated() where !parameter.isTrainable {
        let state = model.parameters[node][index]
        tensors[node][index].withUnsafeMutableFloats { means in
          state.withUnsafeFloats { state in
            for i in means.indices { means[i] += share * (state[i] - means[i]) }
          }
        }
      }
    }
  }
}

extension WeightBlock {
  /// Takes the weights, as they are now, into their means, which are laid out as they are.
  func average(into means: UnsafeMutablePointer<Float>, share: Float) {
    for row in 0..<rows {
      let (means, weights) = (means + row * pitch, weights + row * pitch)
      for i in 0..<columns { means[i] += share * (weights[i] - means[i]) }
    }
  }
}
