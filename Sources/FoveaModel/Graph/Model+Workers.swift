public import FoveaCore

extension Model {
  /// The network's first output, `[batch, …outputShape]`, computed on all workers of `pool`.
  ///
  /// - Parameter profile: where to note what each step costs.
  /// - Throws: as ``infer(_:)``.
  public func infer(_ input: Tensor, on pool: WorkerPool, profile: Profile? = nil) throws(ModelError) -> Tensor {
    try infer(Tensors(input), on: pool, profile: profile).head
  }

  /// The same with several inputs and outputs, in the order of ``inputs`` and ``outputs``.
  public func infer(_ inputs: Tensors, on pool: WorkerPool, profile: Profile? = nil) throws(ModelError) -> Tensors {
    guard let batch = try checkInputs(inputs) else {
      return try resized(for: inputs).infer(inputs, on: pool, profile: profile)
    }
    let parts = Self.split(batch, into: pool.count)
    guard parts.count > 1 else {
      let threads = KernelThreads.current
      KernelThreads.set(pool.count)
      defer { KernelThreads.set(threads) }
      return try infer(inputs, profile: profile)
    }
    // Each asks for its own part, but they run at the same time.
    try inference.checkMemory(batch)
    let results = pool.map(parts.count) { part in
      Result { () throws(ModelError) in
        try infer(inputs.rows(parts[part]), profile: profile).mapped { $0.plain() }
      }
    }
    return try join(
      try results.map { result throws(ModelError) in try result.get() }, starts: parts.map(\.lowerBound), batch)
  }

  /// The outputs of all parts of a batch, each from its own example on. What goes beyond the batch is left out.
  ///
  /// - Throws: ``ModelError/memory(batchSize:bytes:)``.
  func join(_ parts: [Tensors], starts: [Int], _ batch: Int) throws(ModelError) -> Tensors {
    var index = -1
    return try outputs.mapped { output throws(ModelError) in
      index += 1
      var joined: Tensor
      do throws(OutOfMemory) {
        joined = try Tensor(checkedZeros: output.shape.batched(batch), of: output.element)
      } catch { throw .memory(batchSize: batch, bytes: error.bytes) }
      let stride = output.shape.count * output.element.byteCount
      joined.withUnsafeMutableBytes { destination in
        for (start, part) in zip(starts, parts) {
          part[index].withUnsafeBytes { source in
            let rest = UnsafeMutableRawBufferPointer(rebasing: destination[(start * stride)...])
            rest.copyMemory(from: UnsafeRawBufferPointer(rebasing: source.prefix(rest.count)))
          }
        }
      }
      return joined
    }
  }

  /// Adds the gradients of a batch's mean loss to `gradients`, one for each part of the batch, and returns that loss.
  ///
  /// - Parameters:
  ///   - evaluate: the loss of some of the batch's outputs, and its gradient: called with those outputs, and with which
  ///     of the batch's examples they are.
  ///   - seed: what layers draw chance from; give each step another one.
  ///   - profile: where to note what each step costs.
  /// - Returns: the loss, and the forward passes, for ``updateState(from:)``.
  public func propagate<Failure: Error>(
    _ input: Tensor, seed: UInt64, parallelism: Parallelism, on pool: WorkerPool,
    into gradients: inout [ModelGradients], profile: Profile? = nil,
    evaluate: (Tensor, Range<Int>) -> Result<(loss: Float, gradient: Tensor), Failure>
  ) throws -> (loss: Float, passes: [ForwardPass]) {
    try propagate(
      Tensors(input), seed: seed, parallelism: parallelism, on: pool, into: &gradients, profile: profile
    ) { outputs, range in
      evaluate(outputs.head, range).map { result in
        var gradients = outputs.mapped { _ in Tensor?.none }
        gradients.head = result.gradient
        return (result.loss, gradients)
      }
    }
  }

  /// The same with several inputs and outputs.
  ///
  /// - Parameter evaluate: the loss's gradient is by each output; nil for one that nothing is learned from.
  public func propagate<Failure: Error>(
    _ inputs: Tensors, seed: UInt64, parallelism: Parallelism, on pool: WorkerPool,
    into gradients: inout [ModelGradients], profile: Profile? = nil,
    evaluate: (Tensors, Range<Int>) -> Result<(loss: Float, gradients: OneOrMore<Tensor?>), Failure>
  ) throws -> (loss: Float, passes: [ForwardPass]) {
    let batch = try checkTrainedInputs(inputs)
    let sharesExamples = parallelism.resolved(for: self) == .examples
    let parts = Self.split(batch, into: parallelism.parts(of: batch, threads: pool.count, self))
    while gradients.count < parts.count { gradients.append(makeGradients()) }
    var seeds = SeededRandom(seed: seed)
    let partSeeds = parts.map { _ in seeds.next() }
    // Each part takes its own out: with a second owner, every one of them would be copied before it is added to.
    let slots = gradients.map(Slot.init)
    gradients = []
    // A network whose examples are shared out has kernels too small to be shared out themselves, as when training
    // on-line, with a single example a step.
    let threads = KernelThreads.current
    if parts.count == 1 || pool.count == 1 { KernelThreads.set(sharesExamples ? 1 : pool.count) }
    defer { KernelThreads.set(threads) }
    let results = pool.map(parts.count) { part in
      Result {
        let pass = try forward(
          parts.count == 1 ? inputs : inputs.rows(parts[part]), seed: partSeeds[part], profile: profile)
        let (loss, outputGradients) = try evaluate(pass.outputs, parts[part]).get()
        var sums = slots[part].take()
        try backward(outputGradients, pass, into: &sums, profile: profile)
        return (loss: loss, pass: pass, gradients: sums)
      }
    }
    var loss: Float = 0
    var passes: [ForwardPass] = []
    for result in results {
      let part = try result.get()
      loss += part.loss
      passes.append(part.pass)
      gradients.append(part.gradients)
    }
    // Of a larger batch before, to which these are added.
    gradients += slots.dropFirst(parts.count).map { $0.take() }
    return (loss, passes)
  }

  /// Gradients that one part takes.
  private final class Slot: @unchecked Sendable {
    // Touched by none but the part whose it is.
    private var gradients: ModelGradients

    init(_ gradients: ModelGradients) { self.gradients = gradients }

    func take() -> ModelGradients {
      defer { gradients.steps = [] }
      return gradients
    }
  }

  /// Cuts 0 ..< count into at most `parts` ranges of like length, none of them empty.
  private static func split(_ count: Int, into parts: Int) -> [Range<Int>] {
    let parts = max(1, min(parts, count))
    return (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
  }
}
