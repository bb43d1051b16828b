public import FoveaCore

extension Model {
  /// The same network, with the same weights, for inputs of another height and width, as far as its description leaves them
  /// open. The last eight sizes are remembered.
  ///
  /// ``infer(_:profile:)`` and all else that uses a network takes such inputs as they come. This is for what asks a model for
  /// its shapes, and for training.
  ///
  /// - Parameter shapes: of one example of each input, in the order of ``inputs``.
  /// - Throws: ``ModelError/input(expected:got:)`` for a shape that is not open; ``ModelError/otherSize(_:problem:)`` where
  ///   a layer does not take it, or would need other weights.
  public func resized(to shapes: [Shape]) throws(ModelError) -> Model {
    guard shapes.count == inputs.count else {
      throw .inputs(expected: inputs.map(\.name), got: shapes.map { "shape \($0)" })
    }
    if shapes == inputs.map(\.shape) { return self }
    for (port, shape) in zip(inputs, shapes) where !shape.matches(port.shape, open: port.open) {
      throw .input(expected: port.shape, got: shape.rank < Shape.mostAxes ? shape.batched(1) : shape)
    }
    guard let sizes else { return self }
    return Model(self, sizes: sizes, try sizes.entry(for: shapes, like: graph))
  }

  /// The network that takes `inputs`, of which ``checkInputs(_:)`` has found that they are of another size.
  func resized(for inputs: Tensors) throws(ModelError) -> Model {
    try resized(to: inputs.map(\.shape.withoutBatch))
  }

  /// The number of examples, for passes that go with the gradients of one size.
  ///
  /// - Throws: ``ModelError/trainedSize(expected:got:)`` for another.
  func checkTrainedInputs(_ inputs: Tensors) throws(ModelError) -> Int {
    guard let batch = try checkInputs(inputs) else {
      throw .trainedSize(expected: self.inputs.map(\.shape), got: inputs.map(\.shape.withoutBatch))
    }
    return batch
  }

  /// How many other sizes are remembered.
  package var rememberedSizes: Int { sizes?.count ?? 0 }
}
