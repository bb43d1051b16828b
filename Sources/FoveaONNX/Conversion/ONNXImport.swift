public import FoveaCore
public import FoveaModel

/// An ONNX model as a ``Model``: layers of the toolkit, which can be looked at, profiled, trained and saved, and where there is no
/// such layer, ``ONNXNodeOperator``.
///
/// Shapes are fixed by the file; the batch is whatever comes. The model is computed and compared with the graph, node by node, before
/// anybody gets it.
public struct ONNXImport: Sendable {
  public let description: ModelDescription
  public let model: Model
  /// The nodes that became no layers, each with the reason.
  public let remaining: [Remainder]
  /// The largest difference between an output of the model and of the graph, for two random examples.
  public let largestDifference: Float

  /// Whether the file leaves a size open and the model does not, since it would compute something else at another one.
  public let hasClosedSize: Bool

  /// Whether the first output comes from a softmax, so that it holds confidences already.
  public var endsWithConfidences: Bool { model.putsOutConfidences }

  public struct Remainder: Sendable, Hashable, Codable {
    public let node: String
    public let `operator`: String
    public let reason: String
  }

  /// - Parameters:
  ///   - registry: where the layers come from.
  ///   - name: the model's.
  ///   - inputSize: for inputs whose height and width the file leaves open. The model leaves them open, too, where it computes the
  ///     same as the graph at another size.
  /// - Throws: ``ONNXError`` where the graph cannot become a model, or does not compute the same as one; ``ModelError``.
  public init(
    _ source: ONNXModel, registry: Registry, name: String, inputSize: ImageSize? = nil,
    limits: ONNXLimits = ONNXLimits()
  ) throws {
    guard source.unsupported.isEmpty else {
      throw ONNXError.unsupported(file: source.file, operators: source.unsupported)
    }
    let inputs = try source.graph.inputs.map { try ImportedInput($0, of: source, size: inputSize) }
    if let large = inputs.first(where: { $0.shape.count > limits.mostElements }) {
      throw ONNXError.input(
        file: source.file, name: large.name, expected: "at most \(limits.mostElements) elements", got: "\(large.shape)")
    }
    let examples = try ImportedInput.examples(inputs)
    let (plain, trace) = try Self.plain(source, inputs: Self.values(inputs, examples[0]), limits)
    let names = Self.inputNames(source.inputNames)
    var conversion = try LayerConversion(plain, trace, registry: registry, inputs: Array(zip(inputs, names)))
    var remaining: [Remainder] = []
    for node in trace.nodes {
      do {
        if node.domain.isEmpty {
          guard let rule = LayerRules.all[node.type] else { throw Problem("there is no such layer") }
          try rule(&conversion, node)
        } else {
          try conversion.addKind(node)
        }
      } catch {
        do { try conversion.addNode(node) } catch let second as Problem {
          throw ONNXError.node(
            file: source.file, node: node.title, operator: node.type,
            problem:
              "it can neither be a layer nor stand in a model as it is: \(second.text); 'fovea run' computes the file itself"
          )
        }
        remaining.append(
          Remainder(node: node.title, operator: node.type, reason: (error as? Problem)?.text ?? "\(error)"))
      }
    }
    let outputs = try source.outputNames.map { output in
      guard let layer = conversion.sources[output] else {
        throw ONNXError.invalidGraph(
          file: source.file, graph: source.graph.name, problem: "the output '\(output)' does not follow from the input")
      }
      return OutputDescription(layer)
    }
    var description = ModelDescription(
      name: name, inputs: zip(names, inputs).map { InputDescription(name: $0, shape: $1.shape) },
      layers: conversion.layers, outputs: outputs)
    self.remaining = remaining
    let fixed = try Model(description, registry: registry, tensors: conversion.tensors)
    largestDifference = try Self.compare(fixed, source, inputs, examples) { number, values in
      // The first has been computed already.
      number == 0 ? trace.values : try source.run(inputs: values, limits: limits)
    }
    var model = fixed
    if inputs.contains(where: { !$0.open.isEmpty }) {
      var open = description
      for index in inputs.indices { open.inputs[index].open = inputs[index].open }
      // What was computed of one size may stand in the graph as a constant now, so that another size tells.
      if let trial = try? Model(open, registry: registry, tensors: conversion.tensors),
        let others = try? ImportedInput.examples(inputs, growth: 32),
        (try? Self.compare(trial, source, inputs, others) { try source.run(inputs: $1, limits: limits) }) != nil
      {
        (description, model) = (open, trial)
      }
    }
    (self.description, self.model) = (description, model)
    hasClosedSize = inputs.contains { !$0.open.isEmpty } && model.inputs.allSatisfy(\.open.isEmpty)
  }

  /// A model of a file of our own, compared as all others are.
  init(_ own: OwnModel, _ model: Model, _ limits: ONNXLimits) throws {
    (description, self.model, remaining, hasClosedSize) = (own.description, model, [], false)
    let (network, inputs) = (own.network, model.inputs.map { ImportedInput($0) })
    largestDifference = try Self.compare(model, network, Array(inputs), ImportedInput.examples(Array(inputs))) {
      try network.run(inputs: $1, limits: limits)
    }
  }

  /// Without the file's own functions and the branches that are never taken, as far as can be said; and what it computes.
  private static func plain(
    _ source: ONNXModel, inputs: [String: ONNXTensor], _ limits: ONNXLimits
  ) throws -> (ONNXModel, GraphTrace) {
    var model = try source.withoutCalls()
    while true {
      let trace = try GraphTrace(model, inputs: inputs, limits: limits)
      guard let next = try model.withoutBranches(trace) else { return (model, trace) }
      // A branch may have calls of its own.
      model = try next.withoutCalls()
    }
  }

  private static func values(_ inputs: [ImportedInput], _ example: [Tensor]) -> [String: ONNXTensor] {
    Dictionary(zip(inputs, example).map { ($0.name, $0.value($1)) }) { first, _ in first }
  }

  private static func compare(
    _ model: Model, _ source: ONNXModel, _ inputs: [ImportedInput], _ examples: [[Tensor]],
    _ expectation: (Int, [String: ONNXValue]) throws -> [String: ONNXValue]
  ) throws -> Float {
    var largest: Float = 0
    // Both in one batch, so that a graph which mixes examples is noticed.
    let batches = examples[0].indices.map { place in
      Tensor(
        examples.flatMap { $0[place].elements(of: Float.self) },
        examples[0][place].shape.withoutBatch.batched(examples.count))
    }
    guard let joined = Tensors(batches) else { return 0 }
    let results: Tensors
    do { results = try model.infer(joined) } catch {
      throw ONNXError.invalidGraph(
        file: source.file, graph: source.graph.name,
        problem: "as a model it cannot compute several examples at once: \(error); 'fovea run' computes the file itself"
      )
    }
    for (number, example) in examples.enumerated() {
      let expected = try expectation(number, values(inputs, example).mapValues { .tensor($0) })
      for (result, name) in zip(results, source.outputNames) {
        guard let tensor = expected[name]?.tensor else { continue }
        let got = ONNXTensor(result.rows(number..<number + 1)).numbers
        let scale = max(tensor.numbers.reduce(0) { max($0, $1.magnitude) }, 1e-6)
        guard got.count == tensor.count else {
          throw ONNXError.invalidGraph(
            file: source.file, graph: source.graph.name, problem: "the model's output '\(name)' has another shape")
        }
        for (a, b) in zip(got, tensor.numbers) where !(a == b || (a.isNaN && b.isNaN)) {
          let difference = (a - b).magnitude
          guard difference <= Double(source.tolerance) * scale else {
            throw ONNXError.invalidGraph(
              file: source.file, graph: source.graph.name,
              problem:
                "as a model it computes \(a) in '\(name)' where the graph computes \(b); 'fovea run' computes the file itself"
            )
          }
          largest = max(largest, Float(difference))
        }
      }
    }
    return largest
  }

  /// As the graph names them, where a description may.
  private static func inputNames(_ names: [String]) -> [String] {
    FileNaming.fileNames(for: names).map { String($0.prefix(200)) }
  }
}
