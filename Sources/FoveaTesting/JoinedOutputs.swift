import FoveaCore

/// What is no ``Layer`` as one, so that one checker does for all: its outputs one after the other, `[batch, numbers]`.
protocol JoinedOutputs: Layer {
  associatedtype Subject: Operator where Subject.Configuration == Configuration
  var subject: Subject { get }

  /// Whether its gradients mean something.
  static var isTrainable: Bool { get }
}

extension JoinedOutputs {
  static var kind: String { Subject.kind }
  var configuration: Configuration { subject.configuration }
  var outputShape: Shape { [subject.outputShapes.reduce(0) { $0 + $1.count }] }
  var parameters: [Parameter] { subject.parameters }
  var connections: Int { subject.connections }
  var mixesExamples: Bool { subject.mixesExamples }

  func infer(_ inputs: [Tensor], _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    let batch = inputs[0].shape[0]
    let element = elements(inputs.count)
    let given = Subject.takesInputs ? inputs.map { $0.converted(to: element) } : []
    let outputs = try subject.compute(given, parameters, batch: batch)
    let expected = try subject.outputElements(of: given.map { _ in element })
    guard outputs.map(\.element) == expected else {
      throw .brokenContract(
        kind: Self.kind, expected: "outputs of \(expected.map(\.rawValue))", got: "\(outputs.map(\.element.rawValue))")
    }
    return try join(outputs, batch)
  }

  /// Floats, or else the first that it takes.
  private func elements(_ inputCount: Int) -> ElementType {
    ElementType.allCases.first { element in
      (try? subject.outputElements(of: Array(repeating: element, count: inputCount))) != nil
    } ?? .float32
  }

  func join(_ outputs: [Tensor], _ batch: Int) throws(LayerError) -> Tensor {
    let expected = subject.outputShapes.map { $0.batched(batch) }
    guard outputs.map(\.shape) == expected else {
      throw .brokenContract(
        kind: Self.kind, expected: "outputs of shapes \(expected)", got: "\(outputs.map(\.shape))")
    }
    let rows = outputs.map(\.elements)
    let joined = (0..<batch).flatMap { example in
      zip(rows, subject.outputShapes).flatMap { $0[example * $1.count..<(example + 1) * $1.count] }
    }
    return Tensor(joined, outputShape.batched(batch))
  }
}

/// What has a gradient for each of several outputs.
protocol SeveralGradients {
  /// An output that nothing is learned from has no gradient, which must mean the same as one of zeros.
  func checkMissing(_ inputs: [Tensor], _ parameters: [Tensor], _ gradient: Tensor) throws -> String
}

/// A layer with several outputs.
struct JoinedLayer<Subject: MultiOutputLayer>: JoinedOutputs, SeveralGradients {
  typealias Configuration = Subject.Configuration

  struct Cache: Sendable {
    let own: Subject.Cache
    let batch: Int
  }

  static var isTrainable: Bool { true }
  let subject: Subject

  init(_ configuration: Configuration, inputs: [Shape]) throws(LayerError) {
    subject = try Subject(configuration, inputs: inputs)
  }

  func forward(
    _ inputs: [Tensor], _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    let (outputs, own) = try subject.forward(inputs, parameters, context)
    let batch = inputs[0].shape[0]
    return (try join(outputs, batch), Cache(own: own, batch: batch))
  }

  func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> [Tensor] {
    try subject.backward(
      split(outputGradient, batch: cache.batch), cache.own, parameters, context, into: &gradients)
  }

  func checkMissing(_ inputs: [Tensor], _ parameters: [Tensor], _ gradient: Tensor) throws -> String {
    let (_, cache) = try subject.forward(inputs, parameters, TrainingContext(seed: 1))
    func passes(_ outputGradients: [Tensor?]) throws -> [[Float]] {
      var gradients = Gradients(for: parameters)
      let inputGradients = try subject.backward(
        outputGradients, cache, parameters, BackwardContext(), into: &gradients)
      return inputGradients.map(\.elements) + parameters.indices.map { gradients[$0].elements }
    }
    let whole = split(gradient, batch: gradient.shape[0])
    for index in whole.indices {
      var (missing, zeros) = (whole.map(Optional.some), whole.map(Optional.some))
      missing[index] = nil
      zeros[index] = Tensor(zeros: whole[index].shape)
      guard try passes(missing) == passes(zeros) else {
        throw Breach("without a gradient, output \(index) counts otherwise than with one of zeros")
      }
    }
    return "\(whole.count) outputs"
  }

  private func split(_ gradient: Tensor, batch: Int) -> [Tensor] {
    let (elements, width) = (gradient.elements, outputShape.count)
    var start = 0
    return subject.outputShapes.map { shape in
      defer { start += shape.count }
      let own = (0..<batch).flatMap { elements[$0 * width + start..<$0 * width + start + shape.count] }
      return Tensor(own, shape.batched(batch))
    }
  }
}

/// An operator that computes forward only.
struct JoinedComputation<Subject: Operator>: JoinedOutputs {
  typealias Configuration = Subject.Configuration

  static var isTrainable: Bool { false }
  let subject: Subject

  /// What takes no inputs is given one that it does not see, whose batch is the outputs'.
  init(_ configuration: Configuration, inputs: [Shape]) throws(LayerError) {
    guard !inputs.isEmpty else { throw .inputCount(kind: Subject.kind, expected: "one to count examples", got: 0) }
    subject = try Subject(configuration, inputs: Subject.takesInputs ? inputs : [])
  }

  func forward(
    _ inputs: [Tensor], _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: [Shape]) {
    (try infer(inputs, parameters), inputs.map(\.shape))
  }

  /// Nothing comes back.
  func backward(
    _ outputGradient: Tensor, _ cache: [Shape], _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> [Tensor] {
    cache.map { Tensor(zeros: $0) }
  }
}

extension JoinedLayer: ContractExamples where Subject: ContractExamples {
  static var contractExamples: [ContractExample<Configuration>] { Subject.contractExamples }
}

extension JoinedComputation: ContractExamples where Subject: ContractExamples {
  static var contractExamples: [ContractExample<Configuration>] { Subject.contractExamples }
}
