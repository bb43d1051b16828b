import FoveaCore

/// How large the numbers of an update are, looked at while they are in the cache.
struct UpdatedNumbers {
  /// What is no finite number.
  enum Fault {
    case gradient, memory, weights
  }

  /// Squares of larger gradients are infinite, and an optimizer that keeps them would stand still for ever.
  private static let safeGradient = Float.greatestFiniteMagnitude.squareRoot()

  private(set) var largestWeight: Float = 0
  /// The last parameter that has one, since a fault spreads backward from where it arises.
  private(set) var fault: (parameter: Int, what: Fault)?

  /// - Parameters:
  ///   - magnitudes: what is known of the block; it is looked at where that is nothing.
  ///   - remembersGradients: whether the update has changed the block's memories.
  mutating func note(
    _ block: WeightBlock, of parameter: Int, _ magnitudes: UpdateKernels.Magnitudes?, remembersGradients: Bool
  ) {
    let weight = magnitudes?.weights ?? Self.largest(block.weights, block)
    largestWeight = max(largestWeight, weight)
    // Where no gradient is remembered, its fault is in the weights too.
    if !remembersGradients && weight.isFinite { return }
    let gradient = magnitudes?.gradients ?? Tensor.largestMagnitude(block.gradients, block.rows * block.columns)
    if !gradient.isFinite {
      note(.gradient, parameter)
    } else if gradient > Self.safeGradient, block.memories.contains(where: { !Self.largest($0, block).isFinite }) {
      note(.memory, parameter)
    } else if !weight.isFinite {
      note(.weights, parameter)
    }
  }

  mutating func add(_ other: UpdatedNumbers) {
    largestWeight = max(largestWeight, other.largestWeight)
    if let fault = other.fault { note(fault.what, fault.parameter) }
  }

  private mutating func note(_ what: Fault, _ parameter: Int) {
    if parameter >= fault?.parameter ?? 0 { fault = (parameter, what) }
  }

  private static func largest(_ numbers: UnsafePointer<Float>, _ block: WeightBlock) -> Float {
    Tensor.largestMagnitude(numbers, rows: block.rows, columns: block.columns, pitch: block.pitch)
  }
}
