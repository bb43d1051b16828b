import FoveaCore
import FoveaLayers
import FoveaModel

/// A file that ``ONNXExport`` has written, and so the very model that was exported: its description is in the metadata, and the
/// weights have the layers' names.
struct OwnModel {
  let description: ModelDescription
  /// What bytes stand for, where it computes in such.
  let quantization: Quantization?
  /// Between the network's own inputs and outputs.
  let network: ONNXModel

  /// - Returns: nil where the file is another program's, or says of itself what is not there.
  init?(_ source: ONNXModel) {
    guard let text = source.message.metadata[ONNXExport.descriptionKey],
      let value = try? ConfigurationValue(json: Array(text.utf8)),
      let description = try? ModelDescription(value, source: "'\(ONNXExport.descriptionKey)'"),
      let network = try? source.cut(
        inputs: description.inputs.map { ($0.name, $0.shape) },
        outputs: description.outputs.map { $0.layer ?? "" }, orOutputs: source.outputNames)
    else { return nil }
    (self.description, self.network) = (description, network)
    guard let text = source.message.metadata[ONNXExport.quantizationKey] else {
      quantization = nil
      return
    }
    guard let value = try? ConfigurationValue(json: Array(text.utf8)),
      let quantization = try? ConfigurationDecoder.read(Quantization.self, from: value, owner: "'quantization'")
    else { return nil }
    self.quantization = quantization
  }

  /// The model, with the weights of the file.
  ///
  /// - Returns: nil where a weight is missing, or the description names what is not known here.
  func model(registry: Registry) -> Model? {
    guard let nodes = try? Model.nodes(of: description, registry: registry) else { return nil }
    var tensors: [String: Tensor] = [:]
    for node in nodes {
      for parameter in node.parameters {
        let name = "\(node.name).\(parameter.name)"
        guard let weight = try? network.graph.weight(name), let tensor = try? Self.tensor(weight, parameter, node)
        else {
          return nil
        }
        tensors[name] = tensor
        guard tensor.element == .int8, parameter.element.isFloat else { continue }
        guard let scales = try? network.graph.weight(QuantizedRows.name(ofScales: name))?.tensor(),
          let rows = QuantizedRows(numbers: tensor, scales: scales)
        else { return nil }
        tensors[name] = rows.weights
      }
    }
    guard let model = try? Model(description, registry: registry, tensors: tensors) else { return nil }
    return quantization.map { try? model.quantized(by: $0) } ?? model
  }

  private static func tensor(_ weight: ONNXTensor, _ parameter: Parameter, _ node: Model.Node) throws -> Tensor? {
    if let convolution = node.layer as? FoveaLayers.Convolution, let rows = convolution.configuration.connections,
      parameter.name == "kernel"
    {
      return try connected(weight, rows, parameter.shape)
    }
    guard weight.count == parameter.shape.count else { return nil }
    return try weight.reshaped(parameter.shape.dimensions).tensor()
  }

  /// Of a kernel that sees all maps, the weights of the connections.
  private static func connected(_ weight: ONNXTensor, _ rows: [[Int]], _ shape: Shape) throws -> Tensor? {
    guard weight.rank == 4, weight.dimensions[0] == rows.count, shape.rank == 3 else { return nil }
    let (channels, area) = (weight.dimensions[1], weight.dimensions[2] * weight.dimensions[3])
    let numbers = weight.floats
    var kept: [Float] = []
    for (filter, maps) in rows.enumerated() {
      for map in maps {
        guard (0..<channels).contains(map) else { return nil }
        let start: Int = (filter * channels + map) * area
        kept += numbers[start..<start + area]
      }
    }
    return kept.count == shape.count ? Tensor(kept, shape) : nil
  }
}

extension ONNXModel {
  /// A part of the graph: from values that take the place of inputs to values that take that of outputs.
  ///
  /// - Parameters:
  ///   - inputs: float32, each with the shape of an example.
  ///   - outputs: names of values; one that nobody computes is the graph's own output of the same number.
  /// - Throws: ``ONNXError`` where the part needs more than these inputs.
  func cut(inputs: [(name: String, shape: Shape)], outputs: [String], orOutputs own: [String]) throws -> ONNXModel {
    var message = message
    guard var graph = message.graph else { return self }
    let made = Set(graph.nodes.flatMap(\.outputs))
    let names = outputs.enumerated().map { index, name in
      made.contains(name) || index >= own.count ? name : own[index]
    }
    var needed = Set(names)
    let given = Set(inputs.map(\.name))
    var nodes: [NodeMessage] = []
    // A file of ours is in order, so that whoever is needed comes before.
    for node in graph.nodes.reversed() where !needed.isDisjoint(with: node.outputs) {
      guard given.isDisjoint(with: node.outputs) else { continue }
      needed.formUnion(node.inputs)
      nodes.append(node)
    }
    graph.nodes = nodes.reversed()
    graph.inputs = inputs.map { ValueInfoMessage(name: $0.name, batchOf: $0.shape) }
    graph.outputs = names.map { ValueInfoMessage(name: $0) }
    message.graph = graph
    return try ONNXModel(message, file: file, external: external, operators: operators)
  }
}

extension ValueInfoMessage {
  /// Of a value of any type.
  init(name: String) { self.name = name }

  /// Of float32 with an open batch in front.
  init(name: String, batchOf shape: Shape) {
    self.name = name
    type = .tensor(
      Int64(ONNXElementType.float32.rawValue),
      shape: [.open("batch")] + shape.dimensions.map { .known(Int64($0)) })
  }
}
