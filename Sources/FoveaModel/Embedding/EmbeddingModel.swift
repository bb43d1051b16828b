public import FoveaCore
import FoveaLayers

/// A network up to one of its layers, whose output is an ``Embedding``: only what leads to the layer is kept, so that nothing is
/// computed for nobody, and it runs as every model does.
public struct EmbeddingModel: Sendable {
  /// With ``EmbeddingStep`` behind the layer.
  public let description: ModelDescription
  public let model: Model
  /// Its name, or that of one of its outputs, `split:1`; or of an input.
  public let layer: String
  /// What the layer puts out, without the batch.
  public let shape: Shape
  /// Whether maps become their means.
  public let isAveraged: Bool

  /// How many numbers an embedding has.
  public var dimensions: Int { model.outputs[0].shape.count }

  /// - Parameters:
  ///   - layer: its name; that of an input stands for the input itself. Nil for what goes into the head, which is the last layer
  ///     with weights that combine all channels; of a model whose output is an embedding already, for that.
  ///   - averages: whether maps become their means; else all their values are taken.
  /// - Throws: ``EmbeddingError``
  public init(
    of saved: SavedModel, layer name: String? = nil, averages: Bool = true, registry: Registry
  ) throws(EmbeddingError) {
    let (whole, original) = (saved.model, saved.description)
    let isOutput = original.postprocessing.contains { $0.kind == EmbeddingStep.kind }
    let output = whole.outputs[0].source
    let source: Model.Source
    if let name { source = try whole.source(named: name) } else { source = isOutput ? output : whole.sourceOfHead }
    let shape = whole.shape(of: source)
    let isMap = shape.rank == 3 && shape[1] * shape[2] > 1
    let cut = NetworkCut(original, whole, at: source)
    var description = cut.description
    if isMap, averages {
      description.layers.append(
        LayerDescription(name: cut.freeName("means"), kind: GlobalAveragePooling.kind, inputs: [cut.name]))
    } else if source.isInput {
      description.layers.append(
        LayerDescription(name: cut.freeName("values"), kind: Flatten.kind, inputs: [cut.name]))
    }
    if isMap, !averages, description.inputs.contains(where: { !$0.open.isEmpty }) {
      throw .openLayer(model: whole.name, layer: cut.name)
    }
    let steps =
      isOutput && source == output
      ? original.postprocessing : [KindDescription(kind: EmbeddingStep.kind, configuration: ["normalizes": false])]
    description.outputs = [OutputDescription(description.layers.last?.name, postprocessing: steps)]
    do throws(ModelError) {
      model = try Model(description, registry: registry, tensors: cut.tensors).inPrecision(whole.precision)
    } catch { throw .model(error) }
    self.description = description
    (layer, self.shape, isAveraged) = (cut.name, shape, isMap && averages)
  }
}

extension Model {
  func source(named text: String) throws(EmbeddingError) -> Source {
    if let input = inputs.indices.first(where: { inputs[$0].name == text }) { return .input(input) }
    for (index, node) in nodes.enumerated() {
      if node.name == text { return Source(node: index) }
      for output in node.outputShapes.indices where name(of: Source(node: index, output: output)) == text {
        return Source(node: index, output: output)
      }
    }
    throw .unknownLayer(model: name, name: text, known: inputs.map(\.name) + nodes.map(\.name))
  }

  /// What goes into the last layer before the first output that combines all channels; the output itself where there is none, or
  /// where several things flow together before it is found.
  var sourceOfHead: Source {
    var source = outputs[0].source
    while !source.isInput {
      let node = nodes[source.node]
      guard node.inputs.count == 1, let input = node.inputs.first else { break }
      let isHead = graph.parameters(of: source.node).contains { $0.shape.rank > 1 } || node.layer is RadialBasisOutput
      if isHead { return input.isInput ? outputs[0].source : input }
      source = input
    }
    return outputs[0].source
  }
}
