import FoveaCore

/// What the outputs themselves say of a layer's derivatives: each element of inputs and weights is moved a little to
/// both sides. Sums are in double precision.
struct Differences<L: Layer> {
  struct Derivatives {
    /// Σ_k outputGradient[k]·∂y_k/∂x_i, by element i.
    var gradient: [Double] = []
    /// Σ_k outputCurvature[k]·(∂y_k/∂x_i)².
    var curvature: [Double] = []
  }

  /// What stands for the loss's second derivatives by the output.
  let outputCurvature: [Float]
  private(set) var inputs: [Derivatives] = []
  /// Empty for what is not trained.
  private(set) var parameters: [Derivatives] = []
  private(set) var count = 0

  init(_ subject: Subject<L>) throws {
    var random = SeededRandom(seed: subject.options.seed &+ 99)
    let gradient = subject.outputGradient.elements
    outputCurvature = gradient.map { _ in random.uniform(in: 0...1) }
    for index in subject.inputs.indices {
      inputs.append(
        try derivatives(subject.inputs[index], step: subject.inputStep(index), gradient) { moved in
          var inputs = subject.inputs
          inputs[index] = moved
          return try subject.output(inputs, subject.parameters)
        })
    }
    for (index, parameter) in subject.layer.parameters.enumerated() {
      guard parameter.isTrainable else {
        parameters.append(Derivatives())
        continue
      }
      parameters.append(
        try derivatives(subject.parameters[index], step: subject.options.parameterStep, gradient) { moved in
          var parameters = subject.parameters
          parameters[index] = moved
          return try subject.output(subject.inputs, parameters)
        })
    }
  }

  private mutating func derivatives(
    _ tensor: Tensor, step: Float, _ outputGradient: [Float], _ output: (Tensor) throws -> [Float]
  ) throws -> Derivatives {
    var result = Derivatives()
    let elements = tensor.elements
    for i in elements.indices {
      let (high, low) = (elements[i] + step, elements[i] - step)
      var moved = elements
      moved[i] = high
      let above = try output(Tensor(moved, tensor.shape))
      moved[i] = low
      let below = try output(Tensor(moved, tensor.shape))
      // The distance that was really gone: numbers near 1 move in steps of 10⁻⁷.
      let distance = Double(high) - Double(low)
      var (gradient, curvature) = (0.0, 0.0)
      for k in above.indices {
        let slope = (Double(above[k]) - Double(below[k])) / distance
        gradient += Double(outputGradient[k]) * slope
        curvature += Double(outputCurvature[k]) * slope * slope
      }
      result.gradient.append(gradient)
      result.curvature.append(curvature)
      count += 1
    }
    return result
  }
}
