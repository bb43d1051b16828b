public import FoveaCore

/// What a model consists of, layer by layer: what `fovea summary` shows.
public struct ModelSummary: Sendable, Codable, Equatable {
  public struct Layer: Sendable, Codable, Equatable {
    public let name: String
    public let kind: String
    /// Of one example; of several outputs, the first.
    public let outputShape: Shape
    /// Those of all outputs where there are several; nil where there is one.
    public let outputShapes: [Shape]?
    /// The layer whose weights it uses; nil where it has its own, or none.
    public let weights: String?
    /// Numbers in all parameters, those that are not trained included; none where they are another layer's.
    public let parameters: Int
    /// Numbers that training changes.
    public let trainable: Int
    /// In the sense of LeCun et al. 1998, section II-B.
    public let connections: Int
    /// Height and width of what a unit sees of the first input; nil where that is all of it, nothing, or not known.
    public let receptiveField: [Int]?
  }

  public let layers: [Layer]
  public let parameters: Int
  public let trainable: Int
  public let connections: Int
  /// In which elements a model file keeps the weights; nil where that is float32, or there is no file.
  public let weights: ElementType?
  /// What tensors between the layers take in use; nil where nobody has asked.
  public let memory: ActivationMemory?

  /// - Parameters:
  ///   - weights: ``SavedModel/weights`` of a model that comes from a file.
  ///   - batchSize: of which to say how much memory tensors between the layers take; nil for nothing of that.
  public init(_ model: Model, weights: ElementType = .float32, memoryOf batchSize: Int? = nil) {
    self.weights = weights == .float32 ? nil : weights
    memory = batchSize.map { model.activationMemory(batchSize: $0) }
    let fields = model.receptiveFields()
    layers = zip(model.nodes, fields).map { node, field in
      Layer(
        name: node.name, kind: node.kind, outputShape: node.outputShape,
        outputShapes: node.outputShapes.count > 1 ? node.outputShapes : nil,
        weights: node.sharedWeights.map { model.nodes[$0].name },
        parameters: Self.sum(node.parameters.map(\.shape.count)),
        trainable: Self.sum(node.parameters.filter(\.isTrainable).map(\.shape.count)),
        connections: node.layer.connections, receptiveField: field.size.map { [Int($0.height), Int($0.width)] })
    }
    parameters = Self.sum(layers.map(\.parameters))
    trainable = Self.sum(layers.map(\.trainable))
    connections = Self.sum(layers.map(\.connections))
  }

  /// Descriptions may name layers so large that their sum is none that an `Int` holds.
  private static func sum(_ counts: [Int]) -> Int {
    counts.reduce(0) { sum, count in
      let (result, overflow) = sum.addingReportingOverflow(count)
      return overflow ? .max : result
    }
  }
}

extension ModelSummary {
  /// A table for people: one row for each layer, and the sums.
  ///
  /// - Parameter width: of the terminal that shows it, in columns; nil where lines may be of any length.
  public func table(width: Int? = nil) -> String {
    let hasFields = layers.contains { $0.receptiveField != nil }
    var table = TextTable(
      [
        ("layer", .left), ("kind", .left), ("output", .left), ("parameters", .right), ("trainable", .right),
        ("connections", .right),
      ] + (hasFields ? [("sees", .right)] : []))
    table.addRule()
    for layer in layers {
      let shapes = (layer.outputShapes ?? [layer.outputShape]).map { shape in
        shape.dimensions.map(String.init).joined(separator: "×")
      }
      let kind = layer.kind + (layer.weights.map { ", weights of \($0)" } ?? "")
      table.add(
        [layer.name, kind, shapes.joined(separator: ", ")]
          + [layer.parameters, layer.trainable, layer.connections].map(\.grouped)
          + (hasFields ? [layer.receptiveField.map { "\($0[0])×\($0[1])" } ?? ""] : []))
    }
    table.addRule()
    table.add(["sum", "", ""] + [parameters, trainable, connections].map(\.grouped) + (hasFields ? [""] : []))
    return table.text(width: width)
  }
}
