public import FoveaCore

extension ONNXNodeOperator: ONNXExportable {
  /// The node that it came from.
  public func export(_ site: ExportSite, into graph: inout ExportedGraph) throws(LayerError) -> [String] {
    if configuration.domain.isEmpty, configuration.version > graph.operatorSet {
      throw .failed(
        kind: Self.kind,
        message: "'\(configuration.operator)' is of operator set \(configuration.version); export for that, too")
    }
    var attributes: [String: ExportedGraph.Attribute] = [:]
    for (name, value) in configuration.attributes.values {
      switch value {
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
    return graph.add(
      configuration.operator, arguments, attributes, domain: configuration.domain, outputs: outputShapes.count)
  }
}
