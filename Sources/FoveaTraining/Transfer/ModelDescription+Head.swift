import FoveaCore
public import FoveaModel

extension ModelDescription {
  /// The same network for so many classes: its last layer gets as many units, or where nothing with weights follows, its last
  /// convolution as many filters.
  ///
  /// One unit stays for two classes, which it tells apart; for more, the loss becomes ``SoftmaxCrossEntropy``. A network with several
  /// outputs, or that ends with neither, stays as it is.
  public func fitted(classes: Int) -> ModelDescription {
    guard outputs.count == 1, let head else { return self }
    var description = self
    description.setHead(at: head, classes: classes)
    return description
  }

  /// The same network without a softmax or a sigmoid at its end, as other programs' models have it, with the step behind it that does the
  /// same, and the loss that goes with that: gradients are better before it, and confidences are not made twice.
  ///
  /// A network that names a loss, has several outputs, or whose outputs are taken for something already, stays as it is.
  ///
  /// - Parameter model: of this description.
  func withoutConfidences(_ model: Model) -> ModelDescription {
    guard outputs.count == 1, loss == nil, postprocessing.allSatisfy({ $0.kind == RejectBelow.kind }),
      let last = layers.last, let node = model.nodes.last, node.inputs.count == 1, !node.inputs[0].isInput,
      model.outputs.head.source == Model.Source(node: model.nodes.count - 1), model.outputShape.rank == 1
    else { return self }
    let behind: (loss: KindDescription, step: String)
    switch last.kind {
    case "softmax": behind = (KindDescription(SoftmaxCrossEntropy()), SoftmaxConfidence.kind)
    case "sigmoid" where model.outputShape.count == 1:
      behind = (KindDescription(BinaryCrossEntropy()), SigmoidConfidence.kind)
    case "sigmoid": behind = (KindDescription(MultiLabelCrossEntropy()), LabelsStep.kind)
    default: return self
    }
    var description = self
    description.layers.removeLast()
    description.outputs[0].layer = last.inputs?.first
    description.loss = behind.loss
    description.postprocessing.insert(KindDescription(kind: behind.step), at: 0)
    return description
  }

  /// The layer whose units, or filters, are the outputs; nil where there is none.
  var head: Int? {
    guard let index = layers.lastIndex(where: { !Self.passesClasses($0) }) else { return nil }
    let settings = layers[index].configuration
    return settings["units"] != nil && index == layers.indices.last || settings["filters"] != nil ? index : nil
  }

  /// Whether a layer puts out as many channels as come in from the layer before it.
  private static func passesClasses(_ layer: LayerDescription) -> Bool {
    layer.inputs == nil && ["relu", "globalAveragePooling", "globalMaximumPooling", "flatten"].contains(layer.kind)
  }

  /// - Parameter index: of a layer with units or filters.
  mutating func setHead(at index: Int, classes: Int) {
    guard layers[index].configuration["units"] != nil else {
      layers[index].configuration["filters"] = .integer(classes)
      return
    }
    let isBinary = layers[index].configuration["units"] == 1
    // One logit tells two classes apart, and no more.
    if isBinary && classes == 2 { return }
    layers[index].configuration["units"] = .integer(classes)
    if isBinary {
      loss = KindDescription(SoftmaxCrossEntropy())
      postprocessing.removeAll { $0.kind == SigmoidConfidence.kind }
    }
  }
}
