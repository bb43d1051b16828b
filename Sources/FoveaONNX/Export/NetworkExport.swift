import FoveaCore
import FoveaModel

/// A network that becomes a graph, part by part.
struct NetworkExport {
  private(set) var graph: ExportedGraph
  private(set) var inputs: [ExportedGraph.Port] = []
  private(set) var outputs: [ExportedGraph.Port] = []
  private let model: Model
  private let batch: ExportedGraph.Port.Extent
  /// What each output of each node is called, as those see it who read it.
  private var names: [Model.Source: String] = [:]
  /// The same in bytes, for single nodes.
  private var roundedNames: [Model.Source: String] = [:]
  private let byteTensors: ByteTensors
  /// As `c1.kernel`.
  private let byteWeights: Set<String>
  private let isOpen: Bool

  init(_ model: Model, _ settings: ONNXExport.Settings) {
    self.model = model
    byteTensors = model.byteTensors
    byteWeights = Set(model.quantizedLayers.map { "\($0.layer).\($0.parameter)" })
    graph = ExportedGraph(operatorSet: settings.operatorSet)
    batch = settings.batchSize.map { .known($0) } ?? .named("batch")
    isOpen = model.inputs.contains { !$0.open.isEmpty }
    for port in model.inputs { graph.reserve(port.name) }
  }

  mutating func addInputs(_ steps: [any PreprocessingStep]?) throws {
    for port in model.inputs {
      names[port.source] = port.name
      guard let steps, port.shape.rank == 3 else {
        let extents = port.shape.dimensions.enumerated().map { axis, extent -> ExportedGraph.Port.Extent in
          if axis == 1, port.open.contains(.height) { return .named("height") }
          if axis == 2, port.open.contains(.width) { return .named("width") }
          return .known(extent)
        }
        inputs.append(.init(name: port.name, element: .float32, extents: [batch] + extents))
        continue
      }
      let name = picture(port.name)
      graph.reserve(name)
      let isColored = port.shape[0] == 3 || steps.contains { ["toGrayscale", "toRGB"].contains(type(of: $0).kind) }
      let channels = isColored ? 3 : port.shape[0]
      inputs.append(
        .init(
          name: name, element: .uint8, extents: [batch, .named("height"), .named("width"), .known(channels)]))
      graph.begin("preprocessing")
      let turned = graph.add("Transpose", [name], ["perm": .integers([0, 3, 1, 2])])
      var value = ExportedPicture(
        value: graph.add("Cast", [turned], ["to": .integer(1)]), channels: channels, isBytes: true)
      for step in steps {
        let kind = type(of: step).kind
        guard let step = step as? any ONNXExportableStep else {
          throw ONNXExportError.step(kind: kind, problem: "it does not say how ONNX computes it")
        }
        graph.begin("preprocessing/\(kind)")
        do { value = try step.export(value, into: &graph) } catch {
          throw ONNXExportError.step(kind: kind, problem: "\(error)")
        }
      }
      guard value.channels == port.shape[0] else {
        throw ONNXExportError.step(
          kind: "preprocessing", problem: "it makes \(value.channels) channels, and the network takes \(port.shape[0])")
      }
      graph.rename(value.value, to: port.name)
    }
  }

  private func picture(_ port: String) -> String {
    guard model.inputs.count == 1 else { return port + ".image" }
    return port == "image" ? "picture" : "image"
  }

  mutating func addLayers() throws {
    for (index, node) in model.nodes.enumerated() {
      let kind = type(of: node.layer).kind
      guard let layer = node.layer as? any ONNXExportable else {
        throw ONNXExportError.layer(
          name: node.name, kind: kind,
          problem: "it does not say how ONNX computes it; a layer of a plugin may, by conforming to 'ONNXExportable'")
      }
      let owner = model.nodes[node.sharedWeights ?? index]
      let tensors = model.parameters[node.sharedWeights ?? index]
      graph.begin(node.name)
      let site = ExportSite(
        inputs: node.inputs.map { input($0, of: index) }, inputShapes: node.inputShapes,
        parameters: zip(owner.parameters, tensors).map { parameter, tensor in
          let name = "\(owner.name).\(parameter.name)"
          let bytes = byteWeights.contains(name) ? QuantizedRows(tensor, largest: largestWeight) : nil
          return ExportedParameter(name: name, tensor: bytes?.weights ?? tensor, bytes: bytes)
        }, isOpen: isOpen, batched: model.inputs.head.name)
      let made: [String]
      do { made = try layer.export(site, into: &graph) } catch {
        throw ONNXExportError.layer(name: node.name, kind: kind, problem: "\(error)")
      }
      let sources = made.indices.map { Model.Source(node: index, output: $0) }
      for (source, name) in zip(sources, graph.end(made, named: sources.map { model.name(of: $0) })) {
        names[source] = name
        guard let scale = byteTensors.everywhere[source] else { continue }
        graph.begin(node.name)
        names[source] = graph.rounded(name, to: scale)
      }
    }
  }

  private var largestWeight: Int { model.quantization?.largestWeight ?? QuantizedRows.usualLargest }

  /// The name of what a node reads.
  private mutating func input(_ source: Model.Source, of node: Int) -> String {
    let name = names[source] ?? ""
    guard let scale = byteTensors.scale(of: source, for: node) else { return name }
    if let rounded = roundedNames[source] { return rounded }
    let rounded = graph.rounded(name, to: scale)
    roundedNames[source] = rounded
    return rounded
  }

  mutating func addOutput(_ head: inout OutputExport, isOnly: Bool) {
    let port = model.outputs[head.index]
    var value = names[port.source] ?? port.name
    graph.begin("postprocessing")
    head.addSteps(to: &value, &graph)
    let name = head.name(isOnly: isOnly)
    if value != name {
      // Two outputs of one value, or an input that is an output, need a node between.
      if outputs.contains(where: { $0.name == value }) || !graph.isMade(value) || head.result == nil {
        value = graph.add("Identity", [value])
      }
      graph.rename(value, to: name)
      if head.result == nil { names[port.source] = name }
    }
    let extents = head.shape.dimensions.enumerated().map { axis, extent -> ExportedGraph.Port.Extent in
      isOpen && axis > 0 ? .open : .known(extent)
    }
    outputs.append(.init(name: name, element: ONNXElementType(port.element), extents: [batch] + extents))
  }

  func file(named name: String, _ metadata: [String: String]) -> [UInt8] {
    var model = WireMessage()
    // The IR version of the release of ONNX that brought the operator set.
    let versions = [13: 7, 14: 7, 15: 8, 16: 8, 17: 8, 18: 8, 19: 9, 20: 9, 21: 10, 22: 10]
    model.add(1, Int64(versions[graph.operatorSet] ?? 8))
    model.add(2, "fovea")
    model.add(3, Toolkit.version)
    model.add(7, graph.message(name: name.isEmpty ? "model" : name, inputs: inputs, outputs: outputs))
    var domains = ["": graph.operatorSet]
    for node in graph.nodes where domains[node.domain] == nil { domains[node.domain] = 1 }
    for (domain, version) in domains.sorted(by: { $0.key < $1.key }) {
      var set = WireMessage()
      set.add(1, domain)
      set.add(2, Int64(version))
      model.add(8, set)
    }
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      var entry = WireMessage()
      entry.add(1, key)
      entry.add(2, value)
      model.add(14, entry)
    }
    return model.bytes
  }
}
