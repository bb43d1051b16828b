import FoveaCore

/// What a training keeps besides the weights that it begins with, known before anything of it is made.
package struct TrainingMemory: Sendable {
  /// Examples of a batch.
  package var batchSize: Int
  /// Into how many parts a batch is cut, each of which has gradients of its own.
  package var parts: Int
  /// Batches whose gradients are added up for one step.
  package var batches = 1
  /// How many numbers the optimizer remembers of each weight.
  package var memories: Int
  /// How often all weights are kept once more: their running means, those of the best pass, and those that somebody else holds
  /// while these are changed.
  package var copies = 0

  package init(batchSize: Int, parts: Int, memories: Int) {
    (self.batchSize, self.parts, self.memories) = (batchSize, parts, memories)
  }
}

extension Model {
  /// Finds out whether the system has what steps of a training will take together, before anything of it is made.
  ///
  /// What kernels need for themselves is not counted, nor are gradients on their way back through the layers.
  ///
  /// - Throws: ``ModelError/memory(batchSize:bytes:)`` where the batch alone is too large,
  ///   ``ModelError/trainingMemory(model:weights:batch:)``.
  package func checkMemory(for training: TrainingMemory) throws(ModelError) {
    try plan.checkMemory(training.batchSize)
    let (weights, batch) = (bytes(of: training), plan.bytes(training.batchSize))
    do throws(OutOfMemory) { try OutOfMemory.check(weights + batch) } catch {
      throw .trainingMemory(model: name, weights: weights, batch: batch)
    }
  }

  /// What gradients, the optimizer and copies of the weights take at least.
  ///
  /// Gradients of a large dense layer may stay sums of outer products, which hardly take any memory (``OuterProducts``).
  package func bytes(of training: TrainingMemory) -> Int {
    let examples = training.batchSize / max(training.parts, 1)
    let terms = min(examples, Self.manyTerms) * min(training.batches, Self.manyTerms)
    let numbers = trainableParameters.reduce(0) { sum, place in
      let shape = shape(of: place)
      let staysFactored =
        shape.rank == 2 && OuterProducts.areSmall(terms: terms, rows: shape[0], columns: shape[1])
      return sum + shape.count * (training.memories + (staysFactored ? 0 : training.parts))
    }
    return numbers * MemoryLayout<Float>.stride + training.copies * weightBytes
  }

  /// More outer products than are ever kept.
  private static let manyTerms = 1 << 30

  /// What the weights take, trainable or not.
  var weightBytes: Int {
    nodes.reduce(0) { $0 + $1.parameters.reduce(0) { $0 + $1.shape.count * $1.element.byteCount } }
  }
}
