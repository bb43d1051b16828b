public import FoveaCore

extension Model {
  /// The outputs that each example has by itself, `[batch, …outputShape]`: the same bits alone and among any others,
  /// wherever in the batch it stands, and on however many threads.
  ///
  /// Which kernels are the fastest depends on how many examples there are, and another kernel adds up in another order. So
  /// here they always get the same number of them, whether these are there or not; ``infer(_:on:profile:)`` takes what
  /// is the fastest. What is no finite number is found here even where a later layer would hide it.
  ///
  /// - Throws: as ``infer(_:)``, and ``ModelError/notFinite(_:)`` that names the layer.
  public func inferEach(_ input: Tensor, on pool: WorkerPool? = nil) throws(ModelError) -> Tensor {
    try inferEach(Tensors(input), on: pool).head
  }

  /// The same with several inputs and outputs, in the order of ``inputs`` and ``outputs``.
  public func inferEach(_ inputs: Tensors, on pool: WorkerPool? = nil) throws(ModelError) -> Tensors {
    guard let count = try checkInputs(inputs) else { return try resized(for: inputs).inferEach(inputs, on: pool) }
    let size = inference.groupSize
    // Groups share the cores; within one, kernels are small, and how they are cut must not depend on the cores.
    let threads = KernelThreads.current
    if size > 1 { KernelThreads.set(1) }
    defer { KernelThreads.set(threads) }
    let groups = (count + size - 1) / size
    if let pool { try inference.checkMemory(min(groups, pool.count) * size) }
    func results(_ group: Int) -> Result<Tensors, ModelError> {
      Result { () throws(ModelError) in
        let range = group * size..<min(group * size + size, count)
        let examples = try inputs.rows(range).mapped { rows throws(ModelError) in try Self.group(rows, of: size) }
        return try inferChecked(examples).mapped { $0.plain() }
      }
    }
    let all = pool?.map(groups, results) ?? (0..<groups).map(results)
    let parts = try all.map { result throws(ModelError) in try result.get() }
    return try join(parts, starts: (0..<groups).map { $0 * size }, count)
  }

  /// `size` examples: those of `rows`, and the last of them again for each that is missing. Zeros in its place might be
  /// what a layer cannot work with.
  private static func group(_ rows: Tensor, of size: Int) throws(ModelError) -> Tensor {
    let count = rows.shape[0]
    guard count < size else { return rows }
    let example = rows.shape.withoutBatch
    var group: Tensor
    do throws(OutOfMemory) { group = try Tensor(checkedUninitialized: example.batched(size)) } catch {
      throw .memory(batchSize: size, bytes: error.bytes)
    }
    group.withUnsafeMutableFloats { destination in
      rows.withUnsafeFloats { source in
        for i in destination.indices {
          destination[i] = source[min(i / example.count, count - 1) * example.count + i % example.count]
        }
      }
    }
    return group
  }

  private func inferChecked(_ inputs: Tensors) throws(ModelError) -> Tensors {
    var largest: Float = 0
    var bounds = [Float](repeating: 0, count: inference.tensorCount)
    for (number, input) in inputs.enumerated() {
      bounds[number] = try checkNumbers(ofInput: input)
      largest = max(largest, bounds[number])
    }
    let outputs: Tensors
    do {
      outputs = try infer(inputs) { step, results throws(ModelError) in
        let bound = step.bound.output(step.inputs.reduce(0) { $0 + bounds[$1] }, weight: largestWeight)
        for (number, result) in zip(step.outputs, results) {
          bounds[number] = bound <= FaultyNumbers.safeMagnitude ? bound : try checkNumbers(result, of: step)
          largest = max(largest, bounds[number])
        }
      }
    } catch {
      guard case .notFinite = error, let fault = traceFault(inputs) else { throw error }
      throw .notFinite(fault)
    }
    if largest > FaultyNumbers.safeMagnitude, let fault = traceFault(inputs) { throw .notFinite(fault) }
    return outputs
  }
}

extension ExecutionPlan {
  /// Products of a group that take a few milliseconds on a core.
  private static let mostProducts = 1 << 28
  /// This many fill oneDNN's blocks of examples, of 6 with AVX2, and lie side by side in whole groups. Of 32, two would
  /// be left over for a loop that adds up in another order; the four of 16 are added up as the others.
  private static let examplesWithManyWeights = 3 * Layout.examplesInGroup

  /// How many examples go through the kernels at once where each must come out as it does alone: as many as lie side by
  /// side; or one, where filling a group up would be felt and does not save as much by reading the weights once for all.
  static func groupSize(_ nodes: [Model.Node], weights: Int) -> Int {
    let products = nodes.reduce(0.0) {
      $0 + Double($1.layer.connections) + $1.outputShapes.reduce(0) { $0 + Double($1.count) }
    }
    // Where there is little but weights, reading and arranging them takes long, which more examples share.
    if Double(weights) * 2 >= products { return examplesWithManyWeights }
    let isSmall = products * Double(Layout.examplesInGroup) <= Double(mostProducts)
    return isSmall || Double(weights) * 4 >= products ? Layout.examplesInGroup : 1
  }
}
