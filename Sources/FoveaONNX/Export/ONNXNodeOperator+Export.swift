public import FoveaCore

extension ONNXNodeOperator: ONNXExportable {
  /// The node that it came from.
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    if configuration.domain.isEmpty, configuration.version > graph.operatorSet {
      let known = ONNXExport.operatorSets.contains(configuration.version)
      throw .failed(
        kind: Self.kind,
        message: "'\(configuration.operator)' is of operator set \(configuration.version), "
          + (known
            ? "and this is an export for \(graph.operatorSet); export for \(configuration.version) or a later one"
            : "which is not written"))
    }
    var attributes: [String: ExportedGraph.Attribute] = [:]
    for (name, value) in configuration.attributes.values {
      let isNumber = configuration.domain.isEmpty && LaterNode.numbers.contains(name)
      switch value {
      case .integer(let number) where isNumber: attributes[name] = .float(Float(number))
      case .integers(let numbers) where isNumber: attributes[name] = .floats(numbers.map { Float($0) })
      case .float(let number): attributes[name] = .float(number)
      case .integer(let number): attributes[name] = .integer(Int(number))
      case .text(let text): attributes[name] = .text(text)
      case .floats(let numbers): attributes[name] = .floats(numbers)
      case .integers(let numbers): attributes[name] = .integers(numbers.map { Int($0) })
      default:
        throw .failed(kind: Self.kind, message: "its attribute '\(name)' is a list of texts, which is not written")
      }
    }
    var (inputs, constants) = (site.inputs[...], zip(site.parameters, configuration.constants).map { $0 }[...])
    let arguments = configuration.arguments.map { argument -> String in
      switch argument {
      case "input": return inputs.popFirst() ?? ""
      case "constant": return constants.popFirst().map { graph.constant($0, as: $1) } ?? ""
      default: return ""
      }
    }
    guard !configuration.domain.isEmpty else {
      let node = LaterNode(
        type: configuration.operator, inputs: arguments, attributes: attributes, outputCount: outputShapes.count,
        rank: outputShapes[0].rank + 1)
      guard let outputs = node.add(from: configuration.version, to: &graph) else {
        throw .failed(
          kind: Self.kind,
          message: "'\(configuration.operator)' of operator set \(configuration.version) is another one in "
            + "\(graph.operatorSet), for which it is not written; export for an earlier one")
      }
      return outputs
    }
    return graph.add(
      configuration.operator, arguments, attributes, domain: configuration.domain, outputs: outputShapes.count)
  }
}
