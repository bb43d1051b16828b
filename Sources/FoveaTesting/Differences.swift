import FoveaCore

/// What the outputs themselves say of the derivatives by the elements of one input or one weight: each is moved a little
/// to both sides.
struct Differences<L: Layer> {
  /// What is moved.
  enum Place {
    case input(Int)
    case parameter(Int)
  }

  private let subject: Subject<L>
  private let place: Place
  private let elements: [Float]
  private let shape: Shape
  private let step: Float
  private let outputGradient: [Float]
  private let outputCurvature: [Float]
  /// What the layer says.
  let derivatives: [Double]
  /// The largest of them, which the tolerance is relative to.
  let scale: Double

  init(_ subject: Subject<L>, _ place: Place) throws {
    self.subject = subject
    self.place = place
    let (tensor, gradients): (Tensor, [Float])
    let passes = try subject.passes()
    switch place {
    case .input(let index):
      (tensor, gradients) = (subject.inputs[index], passes.inputGradients[index])
      step = subject.inputStep
    case .parameter(let index):
      (tensor, gradients) = (subject.parameters[index], passes.parameterGradients[index])
      step = subject.options.parameterStep
    }
    elements = tensor.elements
    shape = tensor.shape
    outputGradient = subject.outputGradient.elements
    outputCurvature = subject.outputCurvature.elements
    derivatives = gradients.map(Double.init)
    scale = derivatives.reduce(0) { max($0, abs($1)) }
  }

  func verdict(_ element: Int) throws -> (verdict: Verdict, slope: Slope) {
    try verdict(of: derivatives[element], scale: scale) { from, to in
      let (low, high) = (elements[element] + from, elements[element] + to)
      // The distance that is really gone: numbers near 1 move in steps of 10⁻⁷.
      return try slope(distance: Double(high) - Double(low)) {
        $0[element] = low
      } above: {
        $0[element] = high
      }
    }
  }

  /// All elements at once, each by a step up or down: a look that costs no more than that at one of them.
  func verdict(along signs: [Float]) throws -> (derivative: Double, verdict: Verdict) {
    let derivative = zip(derivatives, signs).reduce(0) { $0 + $1.0 * Double($1.1) }
    let length = derivatives.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let (verdict, _) = try verdict(of: derivative, scale: length) { from, to in
      try slope(distance: Double(to) - Double(from)) { elements in
        for i in elements.indices { elements[i] += from * signs[i] }
      } above: { elements in
        for i in elements.indices { elements[i] += to * signs[i] }
      }
    }
    return (derivative, verdict)
  }

  private func verdict(
    of derivative: Double, scale: Double, _ slope: (_ from: Float, _ to: Float) throws -> Slope
  ) throws -> (verdict: Verdict, slope: Slope) {
    try Verdict.of(derivative, tolerance: subject.options.tolerance * scale, step: step) {
      try slope(-$0, $0)
    } quarters: { step in
      try [(-1, -0.5), (-0.5, 0), (0, 0.5), (0.5, 1)].map { from, to in
        try slope(Float(from) * step, Float(to) * step).value
      }
    }
  }

  private func slope(
    distance: Double, below: (inout [Float]) -> Void, above: (inout [Float]) -> Void
  ) throws -> Slope {
    try Slope(
      below: output(below), above: output(above), distance: distance, gradient: outputGradient,
      curvature: outputCurvature)
  }

  private func output(_ move: (inout [Float]) -> Void) throws -> [Float] {
    var moved = elements
    move(&moved)
    var (inputs, parameters) = (subject.inputs, subject.parameters)
    switch place {
    case .input(let index): inputs[index] = Tensor(moved, shape)
    case .parameter(let index): parameters[index] = Tensor(moved, shape)
    }
    return try subject.output(inputs, parameters)
  }
}
