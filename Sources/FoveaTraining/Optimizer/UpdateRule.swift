import FoveaCore

/// A rule whose kernel looks at the numbers of a block while it changes them.
protocol MeasuringOptimizer: Optimizer {
  /// ``Optimizer/update(_:step:)``, and how large the numbers are.
  func measuredUpdate(_ block: WeightBlock, step: Int) -> UpdateKernels.Magnitudes
}

/// An optimizer as it is for one sort of parameters.
struct UpdateRule {
  private let optimizer: any Optimizer
  // Looked for once, since a cast takes as long as the update of a small layer.
  private let measuring: (any MeasuringOptimizer)?
  // Memories of second derivatives are set before each pass, and read only.
  private let remembersGradients: Bool

  init(_ optimizer: any Optimizer) {
    self.optimizer = optimizer
    measuring = optimizer as? any MeasuringOptimizer
    remembersGradients = optimizer.memories > 0 && !(optimizer is any CurvatureOptimizer)
  }

  /// Changes the weights of a block, and notes how large its numbers are.
  func update(_ block: WeightBlock, of parameter: Int, step: Int, noting numbers: inout UpdatedNumbers) {
    let magnitudes = measuring?.measuredUpdate(block, step: step)
    if magnitudes == nil { optimizer.update(block, step: step) }
    numbers.note(block, of: parameter, magnitudes, remembersGradients: remembersGradients)
  }
}
