import FoveaCore

/// A layer under test, with inputs and parameters that hide nothing.
struct Subject<L: Layer>: Sendable {
  let layer: L
  let options: LayerContract.Options
  let configuration: L.Configuration
  let inputShapes: [Shape]
  let inputs: [Tensor]
  let parameters: [Tensor]
  /// What stands for the loss's gradient by the output.
  let outputGradient: Tensor
  /// What stands for its second derivatives.
  let outputCurvature: Tensor

  /// Everything that a forward and a backward pass give.
  struct Passes: Equatable {
    var output: [Float]
    var inputGradients: [[Float]]
    var parameterGradients: [[Float]]

    static func == (left: Self, right: Self) -> Bool {
      func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }
      return bits(left.output) == bits(right.output)
        && left.inputGradients.map(bits) == right.inputGradients.map(bits)
        && left.parameterGradients.map(bits) == right.parameterGradients.map(bits)
    }
  }

  /// More take too long, since each of their numbers is looked at.
  private static var mostExamples: Int { 1_000 }

  init(_ configuration: L.Configuration, inputs shapes: [Shape], options: LayerContract.Options) throws {
    layer = try L(configuration, inputs: shapes)
    self.configuration = configuration
    self.options = options
    inputShapes = shapes
    try Self.checkParameters(layer)
    guard layer.configuration == configuration else {
      throw Breach("made of \(configuration), it says that its configuration is \(layer.configuration)")
    }
    guard layer.outputShape.dimensions.allSatisfy({ $0 >= 1 }), layer.connections >= 0 else {
      throw Breach("output shape \(layer.outputShape), \(layer.connections) connections")
    }
    guard (1...Self.mostExamples).contains(options.batch), layer.outputShape.rank < Shape.mostAxes else {
      throw Breach("a batch of \(options.batch) of shape \(layer.outputShape); 1 to \(Self.mostExamples) are tested")
    }
    var random = SeededRandom(seed: options.seed)
    inputs = Self.spread(shapes.map { $0.batched(options.batch) }, over: options.inputRange, using: &random)
    parameters = layer.parameters.map { parameter in
      var tensor = parameter.makeTensor(using: &random)
      if parameter.isTrainable {
        // Zeros would hide what a weight does.
        tensor.withUnsafeMutableFloats { weights in
          for i in weights.indices { weights[i] += random.uniform(in: -0.3...0.3) }
        }
      }
      return tensor
    }
    outputGradient = Tensor(layer.outputShape.batched(options.batch)) { gradient in
      for i in gradient.indices { gradient[i] = random.uniform(in: -1...1) }
    }
    outputCurvature = Tensor(outputGradient.shape) { curvature in
      for i in curvature.indices { curvature[i] = random.uniform(in: 0...1) }
    }
  }

  /// The same layer with other inputs and weights.
  func redrawn(_ number: Int) throws -> Subject {
    var options = options
    options.seed &+= 1000 &* UInt64(number)
    return try Subject(configuration, inputs: inputShapes, options: options)
  }

  private static func checkParameters(_ layer: L) throws {
    let names = layer.parameters.map(\.name)
    if let twice = names.first(where: { name in names.filter { $0 == name }.count > 1 }) {
      throw Breach("two parameters have the name '\(twice)', of which one would be lost in the model file")
    }
    for parameter in layer.parameters {
      guard !parameter.name.isEmpty, parameter.name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
        throw Breach("'\(parameter.name)' is no name for a parameter: use letters and digits")
      }
      guard parameter.shape.dimensions.allSatisfy({ $0 >= 1 }) else {
        throw Breach("parameter '\(parameter.name)' has shape \(parameter.shape)")
      }
      if case .values(let values) = parameter.initialization, values.count != parameter.shape.count {
        throw Breach(
          "parameter '\(parameter.name)' has \(parameter.shape.count.counted("element")) and \(values.count.counted("value"))"
        )
      }
    }
  }

  /// Spaced numbers in random order, no two of them equal, in one input or two, and none of them 0. They are not quite
  /// evenly spaced, for kinks lie at round numbers.
  private static func spread(
    _ shapes: [Shape], over range: ClosedRange<Float>, using random: inout SeededRandom
  ) -> [Tensor] {
    let count = shapes.reduce(0) { $0 + $1.count }
    let step = (range.upperBound - range.lowerBound) / Float(count)
    var places = (0..<count).shuffled(using: &random)[...]
    return shapes.map { shape in
      defer { places.removeFirst(shape.count) }
      return Tensor(
        places.prefix(shape.count).map { place in
          let value = range.lowerBound + step * (Float(place) + random.uniform(in: 0.3...0.7))
          return abs(value) < step / 4 ? step / 4 : value
        }, shape)
    }
  }

  var parameterCount: Int { parameters.reduce(0) { $0 + $1.shape.count } }

  var context: TrainingContext { TrainingContext(seed: options.seed) }

  /// Far enough to be seen, and not so far that two elements of the inputs change their order.
  var inputStep: Float {
    let count = inputs.reduce(0) { $0 + $1.shape.count }
    return (options.inputRange.upperBound - options.inputRange.lowerBound) / Float(count) / 5
  }

  func output(_ inputs: [Tensor], _ parameters: [Tensor]) throws -> [Float] {
    try layer.forward(inputs, parameters, context).output.elements
  }

  func passes(_ inputs: [Tensor], outputGradient: Tensor) throws -> Passes {
    let (output, cache) = try layer.forward(inputs, parameters, context)
    var gradients = Gradients(for: parameters)
    let inputGradients = try layer.backward(outputGradient, cache, parameters, BackwardContext(), into: &gradients)
    return Passes(
      output: output.elements, inputGradients: inputGradients.map(\.elements),
      parameterGradients: parameters.indices.map { gradients[$0].elements })
  }

  func passes() throws -> Passes { try passes(inputs, outputGradient: outputGradient) }

  func checkShapes() throws -> String {
    let expected = layer.outputShape.batched(options.batch)
    let (output, cache) = try layer.forward(inputs, parameters, context)
    guard output.shape == expected else { throw Breach("forward gave \(output.shape), not \(expected)") }
    let inferred = try layer.infer(inputs, parameters)
    guard inferred.shape == expected else { throw Breach("infer gave \(inferred.shape), not \(expected)") }
    var gradients = Gradients(for: parameters)
    let inputGradients = try layer.backward(outputGradient, cache, parameters, BackwardContext(), into: &gradients)
    guard inputGradients.map(\.shape) == inputs.map(\.shape) else {
      throw Breach("the gradients of inputs \(inputs.map(\.shape)) have shapes \(inputGradients.map(\.shape))")
    }
    for (parameter, gradient) in zip(layer.parameters, gradients.tensors) {
      guard let gradient, gradient.shape != parameter.shape else { continue }
      throw Breach("the gradient of '\(parameter.name)' has shape \(gradient.shape), not \(parameter.shape)")
    }
    return "\(expected)"
  }
}
