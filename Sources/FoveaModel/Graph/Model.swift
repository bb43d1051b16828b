public import FoveaCore

/// A network that can run: layers in the order in which they are computed, and their weights.
///
/// It is a value: a copy may be trained on without touching the original. It may be used by several threads at once.
public struct Model: Sendable {
  public let name: String
  /// One example of the first input: `[channels, height, width]`.
  public let inputShape: Shape
  /// One example's first output, without the batch.
  public let outputShape: Shape
  let graph: Graph
  /// The weights of each node, in the order of its layer's ``Layer/parameters``, in plain layout.
  public internal(set) var parameters: [[Tensor]]
  /// No weight is larger; infinity where nobody has looked since they were changed.
  package var largestWeight = Float.infinity
  /// Whose cores it computes on; ``computing(in:)`` changes it.
  public internal(set) var context = ComputeContext.process
  /// What convolutions and dense layers multiply; ``inPrecision(_:)`` changes it. It is the choice of whoever runs the
  /// model, and no model file holds it; one that has been quantized comes in ``Precision/int8``.
  public let precision: Precision
  /// What whole numbers stand for, in a network that has been quantized; else nil.
  public let quantization: Quantization?
  /// How it is trained.
  let plan: ExecutionPlan
  /// How it is used.
  let inference: ExecutionPlan
  /// The same for other sizes; nil where no input is open.
  let sizes: SizeCache?

  /// In order of computation.
  public var nodes: [Node] { graph.nodes }

  /// What goes in; one, unless the description says otherwise.
  public var inputs: OneOrMore<Port> { graph.inputs }

  /// What comes out; one, unless the description says otherwise.
  public var outputs: OneOrMore<Port> { graph.outputs }

  /// What a source is called in a description: `c3`, `split:1`, `input`.
  public func name(of source: Source) -> String { graph.name(of: source) }

  /// Builds the graph and draws its first weights.
  ///
  /// - Parameter seed: the same seed gives the same weights, bit for bit; each layer draws from its own stream, so that
  ///   a layer that is put in does not change those of the others before it.
  /// - Throws: ``ModelError`` that names the layer, or ``ModelError/weightMemory(model:bytes:)``.
  public init(_ description: ModelDescription, registry: Registry, seed: UInt64) throws(ModelError) {
    try self.init(graph: description, registry: registry)
    try checkWeightMemory()
    var seeds = SeededRandom(seed: seed)
    parameters = nodes.map { node in
      var random = SeededRandom(seed: seeds.next())
      return node.parameters.map { $0.makeTensor(using: &random) }
    }
    measureWeights()
  }

  /// Builds the graph with weights at hand, for each layer by its parameters' names.
  ///
  /// - Throws: ``ModelError/parameters(model:problems:)`` with every missing, extra or misshapen tensor at once, or
  ///   ``ModelError/weightMemory(model:bytes:)``.
  public init(
    _ description: ModelDescription, registry: Registry, tensors: [String: Tensor]
  ) throws(ModelError) {
    try self.init(graph: description, registry: registry)
    try checkMemory(forConverting: tensors)
    var problems: [String] = []
    var unused = Set(tensors.keys)
    parameters = nodes.map { node in
      node.parameters.map { parameter in
        let name = "\(node.name).\(parameter.name)"
        unused.remove(name)
        guard let tensor = tensors[name] else {
          problems.append("'\(name)' of shape \(parameter.shape) is missing")
          return Tensor(zeros: [0])
        }
        if tensor.shape != parameter.shape {
          problems.append("'\(name)' must have shape \(parameter.shape), but has \(tensor.shape)")
        }
        // Floats of another width are as good; whatever else must lose nothing.
        let converted = tensor.converted(to: parameter.element)
        if !(parameter.element.isFloat && tensor.element.isFloat), converted.converted(to: tensor.element) != tensor {
          problems.append(
            "'\(name)' must be \(parameter.element.rawValue), but is \(tensor.element.rawValue) with numbers that "
              + "\(parameter.element.rawValue) does not hold")
        }
        return converted
      }
    }
    problems += unused.sorted().map { "'\($0)' belongs to no layer" }
    guard problems.isEmpty else { throw .parameters(model: name, problems: problems) }
    measureWeights()
  }

  /// Weights of other elements than the layers' are written anew, such as floats of half the width.
  private func checkMemory(forConverting tensors: [String: Tensor]) throws(ModelError) {
    let bytes = nodes.reduce(0) { sum, node in
      node.parameters.reduce(sum) { sum, parameter in
        let tensor = tensors["\(node.name).\(parameter.name)"]
        guard let tensor, tensor.element != parameter.element else { return sum }
        return sum + tensor.shape.count * parameter.element.byteCount
      }
    }
    do throws(OutOfMemory) { try OutOfMemory.check(bytes) } catch { throw .weightMemory(model: name, bytes: bytes) }
  }

  /// The layers alone: which weights there are, without making any, however many a description asks for.
  package static func nodes(of description: ModelDescription, registry: Registry) throws(ModelError) -> [Node] {
    try GraphBuilder.graph(description, registry: registry).nodes
  }

  private init(graph description: ModelDescription, registry: Registry) throws(ModelError) {
    let graph = try GraphBuilder.graph(description, registry: registry)
    let isOpen = description.inputs.contains { !$0.open.isEmpty }
    try self.init(
      description.name, graph, parameters: [], precision: .float32, nil,
      sizes: isOpen ? SizeCache(description, registry, .float32, nil) : nil)
  }

  init(
    _ name: String, _ graph: Graph, parameters: [[Tensor]], precision: Precision, _ quantization: Quantization? = nil,
    sizes: SizeCache?
  ) throws(ModelError) {
    self.name = name
    self.sizes = sizes
    self.graph = graph
    self.parameters = parameters
    self.precision = precision
    self.quantization = quantization
    inputShape = graph.inputs.head.shape
    outputShape = graph.outputs.head.shape
    plan = try ExecutionPlan(graph, for: .training, precision: precision)
    inference = try ExecutionPlan(graph, for: .inference, precision: precision, quantization)
  }

  /// The same weights in another size.
  init(_ model: Model, sizes: SizeCache, _ entry: SizeCache.Entry) {
    name = model.name
    precision = model.precision
    quantization = model.quantization
    parameters = model.parameters
    largestWeight = model.largestWeight
    context = model.context
    self.sizes = sizes
    graph = entry.graph
    plan = entry.plan
    inference = entry.inference
    inputShape = graph.inputs.head.shape
    outputShape = graph.outputs.head.shape
  }

  /// The same network with the same weights, whose convolutions and dense layers multiply numbers of that precision, in
  /// training too. Weights stay float32, and so do second derivatives.
  ///
  /// ``Precision/int8`` is for use alone: training, and looking at single layers, is in float32 then.
  ///
  /// - Throws: ``ModelError/precision(_:requires:)`` where the processor has no instructions for it,
  ///   ``ModelError/quantization(model:problem:)`` where it takes a network that has been quantized.
  public func inPrecision(_ precision: Precision) throws(ModelError) -> Model {
    guard precision.isAvailable else { throw .precision(precision, requires: precision.requirement ?? "another") }
    guard precision != self.precision else { return self }
    guard precision != .int8 || quantization != nil else {
      throw .quantization(model: name, problem: "it has not been quantized; 'fovea quantize' does that")
    }
    return try inPrecision(precision, quantization)
  }

  /// - Parameter quantization: nil for the layers as they are taken together in bytes, which compute in floats.
  func inPrecision(_ precision: Precision, _ quantization: Quantization?) throws(ModelError) -> Model {
    var model = try Model(
      name, graph, parameters: parameters, precision: precision, quantization,
      sizes: sizes?.inPrecision(precision, quantization))
    model.context = context
    model.largestWeight = largestWeight
    return model
  }

  /// The same network with other numbers, which are laid out and shaped as ``parameters`` are.
  package func with(_ parameters: [[Tensor]]) -> Model {
    var copy = self
    copy.parameters = parameters
    copy.measureWeights()
    return copy
  }

  /// The same network with the same weights, which computes on the cores of another context.
  public func computing(in context: ComputeContext) -> Model {
    var model = self
    model.context = context
    return model
  }

  /// Where the trainable weights are, in the order in which an optimizer sees them.
  public var trainableParameters: [ParameterPlace] { plan.trainableParameters }

  /// The weights by name, `c3.kernel`, in the order of the layers.
  public var namedParameters: [(name: String, parameter: Parameter, tensor: Tensor)] {
    zip(nodes, parameters).flatMap { node, tensors in
      zip(node.parameters, tensors).map { ("\(node.name).\($0.name)", $0, $1) }
    }
  }

  /// The number of examples, after a check that each of `inputs` is `[batch, …shape]`.
  ///
  /// - Returns: nil where they are of another size, which open inputs may have: ``resized(for:)`` takes them.
  func checkInputs(_ inputs: Tensors) throws(ModelError) -> Int? {
    guard inputs.count == graph.inputs.count else {
      throw .inputs(expected: graph.inputs.map(\.name), got: (1...inputs.count).map { "tensor \($0)" })
    }
    let first = inputs.head.shape
    guard inputs.head.element == .float32 else {
      throw .inputElements(graph.inputs.head.name, got: inputs.head.element)
    }
    var isOwnSize = first.isBatch(of: inputShape)
    if !isOwnSize { try expect(inputs.head, in: graph.inputs.head) }
    for (input, port) in zip(inputs.tail, graph.inputs.tail) {
      guard input.element == .float32 else { throw .inputElements(port.name, got: input.element) }
      if !input.shape.isBatch(of: port.shape) {
        try expect(input, in: port)
        isOwnSize = false
      }
      guard input.shape[0] == first[0] else {
        throw .input(expected: port.shape.batched(first[0]), got: input.shape)
      }
    }
    return isOwnSize ? first[0] : nil
  }

  private func expect(_ input: Tensor, in port: Port) throws(ModelError) {
    guard input.shape.rank > 0, input.shape[0] > 0, input.shape.withoutBatch.matches(port.shape, open: port.open) else {
      throw .input(expected: port.shape, got: input.shape)
    }
  }
}
