public import FoveaCore
import FoveaImage
import FoveaModel

/// Of a network with several inputs: pictures by the names of these, as ``pictureNames`` has them.
extension Pipeline {
  /// The network's input for one picture: `[1, channels, height, width]`.
  ///
  /// - Throws: ``PipelineError/image(_:)``
  public func input(for image: Image) throws(PipelineError) -> Tensor {
    try inputs(for: OneOrMore(DecodedImage(image: image))).tensors.head
  }

  /// What the pipeline yields for the pictures of an example. Places are in the pixels of the first input's picture.
  ///
  /// - Throws: ``PipelineError/severalInputs(name:inputs:)`` where a picture is missing or has another name, and as
  ///   ``predict(_:)-(Image)``.
  public func result(of pictures: [String: Image]) throws(PipelineError) -> any TaskResult {
    try result(of: outputs(of: ordered(pictures).mapped { DecodedImage(image: $0) }))
  }

  /// The same for each of several examples, computed as one batch, on all workers of `pool` where one is given.
  public func results(
    of examples: [[String: Image]], on pool: WorkerPool? = nil
  ) throws(PipelineError) -> [any TaskResult] {
    let examples = try examples.map { pictures throws(PipelineError) in
      try ordered(pictures).mapped { DecodedImage(image: $0) }
    }
    return try outputs(ofEach: examples, on: pool).map { outputs throws(PipelineError) in try result(of: outputs) }
  }

  /// The same of files, decoded with the model's own preprocessing.
  public func result(paths: [String: String]) throws(PipelineError) -> any TaskResult {
    try result(of: outputs(of: ordered(paths).mapped { path throws(PipelineError) in try read(path) }))
  }

  /// What is given by name, in the order of the network's inputs.
  private func ordered<Value>(_ values: [String: Value]) throws(PipelineError) -> OneOrMore<Value> {
    let ordered = pictureNames.compactMap { values[$0] }
    guard ordered.count == pictureNames.count, values.count == ordered.count, let result = OneOrMore(ordered) else {
      throw .severalInputs(name: model.name, inputs: pictureNames)
    }
    return result
  }
}
