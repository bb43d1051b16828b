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
  /// - Throws: ``ONNXError`` where the graph cannot become a model, or does not compute the same as one; ``ModelError``.
  public init(_ source: ONNXModel, registry: Registry, name: String) throws {
    guard source.unsupported.isEmpty else {
      throw ONNXError.unsupported(file: source.file, operators: source.unsupported)
    }
    var random = SeededRandom(seed: 1)
    let shapes = try source.graph.inputs.map { try Self.exampleShape($0, file: source.file) }
    let examples = try (0..<2).map { _ in
      try shapes.map { shape in
        let batched = shape.batched(1)
        return try Tensor(
          checking: (0..<shape.count).map { _ in Float.random(in: 0..<1, using: &random) }, batched)
      }
    }
    func inputs(_ tensors: [Tensor]) -> [String: ONNXTensor] {
      Dictionary(uniqueKeysWithValues: zip(source.inputNames, tensors.map { ONNXTensor($0) }))
    }
    let trace = try GraphTrace(source, inputs: inputs(examples[0]))
    let names = Self.inputNames(source.inputNames)
    var conversion = try LayerConversion(
      source, trace, registry: registry, inputs: Dictionary(uniqueKeysWithValues: zip(source.inputNames, names)))
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
    description = ModelDescription(
      name: name, inputs: zip(names, shapes).map { InputDescription(name: $0, shape: $1) }, layers: conversion.layers,
      outputs: outputs)
    self.remaining = remaining
    model = try Model(description, registry: registry, tensors: conversion.tensors)
    largestDifference = try Self.compare(model, source, trace, examples, inputs)
  }

  private static func compare(
    _ model: Model, _ source: ONNXModel, _ trace: GraphTrace, _ examples: [[Tensor]],
    _ inputs: ([Tensor]) -> [String: ONNXTensor]
  ) throws -> Float {
    var largest: Float = 0
    // Both in one batch, so that a graph which mixes examples is noticed.
    let batches = examples[0].indices.map { place in
      Tensor(
        examples.flatMap { $0[place].elements(of: Float.self) },
        examples[0][place].shape.withoutBatch.batched(examples.count))
    }
    guard let joined = Tensors(batches) else { return 0 }
    let results = try model.infer(joined)
    for (number, example) in examples.enumerated() {
      // The first has been computed already.
      let expected = number == 0 ? trace.values : try source.run(inputs: inputs(example).mapValues { .tensor($0) })
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
          guard difference <= 1e-3 * scale else {
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

  private static func exampleShape(_ info: ValueInfoMessage, file: String) throws -> Shape {
    func failure(_ expected: String) -> ONNXError {
      .input(file: file, name: info.name, expected: expected, got: info.type.summary)
    }
    guard case .tensor(1, let extents?) = info.type, extents.count >= 2 else {
      throw failure("float32 with a batch in front")
    }
    if case .known(let batch) = extents[0], batch != 1 { throw failure("a batch that is open, or 1") }
    let dimensions = try extents.dropFirst().map { extent -> Int in
      guard case .known(let value) = extent, value > 0, value <= Int64(Int32.max) else {
        throw failure("extents that are known; export the model for a fixed size")
      }
      return Int(value)
    }
    let shape = try Shape(checking: dimensions)
    guard shape.rank < Shape.mostAxes, shape.count <= 1 << 26 else { throw failure("fewer elements") }
    return shape
  }

  /// As the graph names them, where a description may.
  private static func inputNames(_ names: [String]) -> [String] {
    FileNaming.fileNames(for: names).map { String($0.prefix(200)) }
  }
}
