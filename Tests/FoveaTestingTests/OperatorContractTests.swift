import FoveaCore
import FoveaTesting
import Testing

/// The checker holds layers with several outputs, and what computes forward only, to their promises.
struct OperatorContractTests {
  /// What is positive, and twice what is negative, with a weight on the first; faulty where it is told to be.
  struct Signs: MultiOutputLayer {
    struct Configuration: Configurable {
      var fault = ""
    }

    static let kind = "signs"
    let configuration: Configuration
    let outputShapes: [Shape]
    let parameters = [Parameter("scale", [1], .constant(1))]

    init(_ configuration: Configuration, inputs: [Shape]) throws(LayerError) {
      guard inputs.count == 1 else { throw .inputCount(kind: Self.kind, expected: "one input", got: inputs.count) }
      self.configuration = configuration
      outputShapes = [inputs[0], inputs[0]]
    }

    func forward(
      _ inputs: [Tensor], _ parameters: [Tensor], _ context: TrainingContext
    ) throws(LayerError) -> (outputs: [Tensor], cache: Tensor) {
      let (x, shape, scale) = (inputs[0].elements, inputs[0].shape, parameters[0].elements[0])
      let positive = Tensor(x.map { scale * max($0, 0) }, shape)
      let negative = Tensor(x.map { 2 * min($0, 0) }, shape)
      return (configuration.fault == "one output" ? [positive] : [positive, negative], inputs[0])
    }

    func backward(
      _ outputGradients: [Tensor?], _ cache: Tensor, _ parameters: [Tensor], _ context: BackwardContext,
      into gradients: inout Gradients
    ) throws(LayerError) -> [Tensor] {
      let (x, scale) = (cache.elements, parameters[0].elements[0])
      let (first, second) = (outputGradients[0]?.elements, outputGradients[1]?.elements)
      let forgotten: Float = configuration.fault == "missing counts" ? 1 : 0
      let factor: Float = configuration.fault == "second gradient" ? 1 : 2
      if let first { gradients.add(Tensor([zip(first, x).reduce(0) { $0 + $1.0 * max($1.1, 0) }], [1]), to: 0) }
      return [
        Tensor(
          x.indices.map { i in
            x[i] > 0 ? scale * (first?[i] ?? forgotten) : factor * (second?[i] ?? forgotten)
          }, cache.shape)
      ]
    }
  }

  /// The nearest whole numbers; faulty where it is told to be.
  struct Rounded: Operator {
    struct Configuration: Configurable {
      var fault = ""
    }

    static let kind = "rounded"
    let configuration: Configuration
    let outputShapes: [Shape]

    init(_ configuration: Configuration, inputs: [Shape]) throws(LayerError) {
      guard inputs.count == 1 else { throw .inputCount(kind: Self.kind, expected: "one input", got: inputs.count) }
      self.configuration = configuration
      outputShapes = inputs
    }

    func compute(_ inputs: [Tensor], _ parameters: [Tensor], batch: Int) throws(LayerError) -> [Tensor] {
      var values = inputs[0].elements.map { (4 * $0).rounded() }
      switch configuration.fault {
      case "mixes": values = values.map { $0 + Float(values.count) }
      case "shape": return [inputs[0].reshaped([inputs[0].shape.count])]
      default: break
      }
      return [Tensor(values, inputs[0].shape)]
    }
  }

  @Test func soundOnesPass() {
    let signs = LayerContract.check(Signs.self, Signs.Configuration(), inputs: [[3, 2, 5]])
    #expect(signs.passed, "\(signs)")
    #expect(signs.checks.contains { $0.name == "gradient of input 0" })
    #expect(signs.checks.last?.name == "an output need not be learned from")
    let rounded = LayerContract.check(Rounded.self, Rounded.Configuration(), inputs: [[3, 2, 5]])
    #expect(rounded.passed, "\(rounded)")
    #expect(!rounded.checks.contains { $0.name.hasPrefix("gradient of") })
  }

  /// As a registry has them, of which no more is known than that they are operators.
  @Test func theyAreCheckedAsAPluginsKinds() throws {
    var registry = Registry()
    try registry.register(Signs.self)
    try registry.register(Rounded.self)
    for kind in registry.registered {
      let reports = KindContract.check(kind)
      #expect(!reports.isEmpty)
      for report in reports { #expect(report.passed && report.checks.count > 10, "\(report)") }
    }
  }

  @Test(arguments: [
    ("second gradient", "gradient of input 0"), ("one output", "output has the promised shape"),
    ("missing counts", "an output need not be learned from"),
  ])
  func aFaultyLayerFails(fault: String, check: String) {
    let report = LayerContract.check(Signs.self, Signs.Configuration(fault: fault), inputs: [[3, 2, 5]])
    #expect(report.failures.map(\.name).contains(check), "\(report)")
  }

  @Test(arguments: [("mixes", "each example is on its own"), ("shape", "output has the promised shape")])
  func aFaultyOperatorFails(fault: String, check: String) {
    let report = LayerContract.check(Rounded.self, Rounded.Configuration(fault: fault), inputs: [[3, 2, 5]])
    #expect(report.failures.map(\.name).contains(check), "\(report)")
  }
}
