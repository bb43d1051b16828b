public import FoveaCore
import FoveaModel

/// One input of a network, as methods of explanation see it. What several methods and classes need is computed once and kept.
///
/// It belongs to one thread.
public final class ExplainedPicture: ExplainedNetwork {
  public let input: Tensor
  public let seed: UInt64
  public var target: ExplainedTarget
  private let model: ExplainedModel
  private let pool: WorkerPool?
  private let memory: Int
  private var boundary: Tensors?
  private var tailTrace: Trace?
  private var inputTrace: Trace?
  private var windowedBase: (model: WindowedModel, base: WindowedModel.Base)?
  private static let largestBatch = 64

  /// - Parameters:
  ///   - input: `[1, channels, height, width]`
  ///   - target: whose score is explained.
  ///   - memory: for what lies between layers, in bytes.
  ///   - pool: for passes of several inputs; nil where other pictures use the other cores.
  public init(
    _ model: ExplainedModel, input: Tensor, target: ExplainedTarget, seed: UInt64 = 0, memory: Int = 1 << 28,
    on pool: WorkerPool? = nil
  ) {
    (self.model, self.input, self.target, self.seed) = (model, input, target, seed)
    (self.memory, self.pool) = (memory, pool)
  }

  var classCount: Int { model.classCount }

  public private(set) lazy var batchSize = batch(model.whole.activationMemory(batchSize: 1).bytes)

  public private(set) lazy var activationBatchSize = batch(
    model.tail?.part.model.activationMemory(batchSize: 1).bytes ?? 1)

  /// A trace keeps what goes forward, and what layers remember, which is mostly the same memory.
  private lazy var traceBatchSize = batch(
    model.whole.nodes.reduce(0) { $0 + $1.outputShapes.reduce(0) { $0 + $1.count * 4 } } * 3 / 2)

  private func batch(_ bytes: Int) -> Int { min(max(memory / max(bytes, 1), 1), Self.largestBatch) }

  private func tail() throws(ExplanationError) -> ExplainedModel.Tail {
    guard let tail = model.tail else {
      throw .unsuitable(method: "explanation", problem: "no layer of the network has maps")
    }
    return tail
  }

  /// What comes into the part behind the layer.
  private func tailInputs() throws(ExplanationError) -> Tensors {
    if let boundary { return boundary }
    let tail = try tail()
    let outputs = try network { () throws(ModelError) in try tail.head.infer(Tensors(input)) }
    var made = Array(outputs)[...]
    let inputs = tail.part.inputs.map { $0.isInput ? input : made.removeFirst() }
    let result = OneOrMore(inputs) ?? outputs
    boundary = result
    return result
  }

  public func activations() throws(ExplanationError) -> Tensor { try tailInputs().head.plain() }

  public func activationGradients() throws(ExplanationError) -> Tensor {
    let (tail, inputs) = (try tail(), try tailInputs())
    let gradients = try network { () throws(ModelError) in
      let trace: Trace
      if let tailTrace { trace = tailTrace } else { trace = try tail.tracer.trace(inputs) }
      tailTrace = trace
      return try trace.gradients(model.seed(target, 1))
    }
    if let gradient = gradients[0] { return gradient }
    return try Tensor(places: inputs.head.shape) { _ in 0 }
  }

  public func inputGradients(_ inputs: Tensor, _ rule: (any BackwardRule)?) throws(ExplanationError) -> Tensor {
    if inputs.isSameMemory(as: input) { return try back(trace(), rule, 1) }
    let count = inputs.shape[0]
    let size = min(traceBatchSize, pool.map { max((count + $0.count - 1) / $0.count, 1) } ?? count)
    let parts = (count + size - 1) / size
    func part(_ number: Int) -> Result<Tensor, ExplanationError> {
      Result { () throws(ExplanationError) in
        let range = number * size..<min(number * size + size, count)
        let rows = inputs.rows(range)
        let trace = try network { () throws(ModelError) in try model.wholeTracer.trace(Tensors(rows)) }
        return try back(trace, rule, range.count)
      }
    }
    let results = pool.map { $0.map(parts, part) } ?? (0..<parts).map(part)
    let gradients = try results.map { result throws(ExplanationError) in try result.get() }
    return try Tensor.joined(gradients)
  }

  public func inputRelevance(_ rule: any BackwardRule) throws(ExplanationError) -> Tensor {
    let trace = try trace()
    return try back(trace, rule, 1, value: model.read(trace.outputs.head, target)[0])
  }

  private func trace() throws(ExplanationError) -> Trace {
    if let inputTrace { return inputTrace }
    let trace = try network { () throws(ModelError) in try model.wholeTracer.trace(Tensors(input)) }
    inputTrace = trace
    return trace
  }

  private func back(
    _ trace: Trace, _ rule: (any BackwardRule)?, _ count: Int, value: Float = 1
  ) throws(ExplanationError) -> Tensor {
    let gradients = try network { () throws(ModelError) in
      try trace.gradients(model.seed(target, count, value: value), rule)
    }
    if let gradient = gradients[0] { return gradient }
    return try Tensor(places: input.shape.withoutBatch.batched(count)) { _ in 0 }
  }

  public func scores(ofInputs inputs: Tensor) throws(ExplanationError) -> [Float] {
    model.read(try infer(model.whole, Tensors(inputs)), target)
  }

  public func scores(ofCovered windows: [CoveredWindow]) throws(ExplanationError) -> [Float] {
    let (rows, columns) = (windows.map(\.rows.count).max() ?? 0, windows.map(\.columns.count).max() ?? 0)
    let windowed = try network { () throws(ModelError) in try model.windowed.model(of: model.whole, rows, columns) }
    guard let windowed else { return try scores(ofWholeCovered: windows) }
    return try network { () throws(ModelError) in
      let base: WindowedModel.Base
      if let kept = windowedBase, kept.model.isCut(for: rows, columns) {
        base = kept.base
      } else {
        base = try windowed.base(input)
        windowedBase = (windowed, base)
      }
      var scores: [Float] = []
      while scores.count < windows.count {
        let batch = windows[scores.count..<min(scores.count + batchSize, windows.count)]
        scores += model.read(try windowed.infer(Array(batch), in: base, on: pool), target)
      }
      return scores
    }
  }

  /// All classes' scores of the input itself, `[1, …]`: where a layer is looked at, from there on, so that what comes before it is
  /// computed once.
  func ownScores() throws(ExplanationError) -> Tensor {
    guard model.tail != nil else { return try allScores(ofInputs: input) }
    return try infer(tail().part.model, tailInputs())
  }

  /// All classes' scores, `[count, …]`.
  func allScores(ofInputs inputs: Tensor) throws(ExplanationError) -> Tensor { try infer(model.whole, Tensors(inputs)) }

  public func scores(ofActivations activations: Tensor) throws(ExplanationError) -> [Float] {
    let count = activations.shape[0]
    let others = try tailInputs().tail.map { tensor throws(ExplanationError) in try tensor.repeated(count) }
    return model.read(try infer(tail().part.model, Tensors(activations, others)), target)
  }

  private func infer(_ part: Model, _ inputs: Tensors) throws(ExplanationError) -> Tensor {
    try network { () throws(ModelError) in
      if let pool { return try part.infer(inputs, on: pool).head }
      return try part.infer(inputs).head
    }
  }

  private func network<Result>(_ work: () throws(ModelError) -> Result) throws(ExplanationError) -> Result {
    do { return try work() } catch {
      if case .layer(let name, _, .forwardOnly(let kind)) = error { throw .forwardOnly(layer: name, kind: kind) }
      throw .network(error.description)
    }
  }
}

extension Tensor {
  /// The only example, so many times.
  fileprivate func repeated(_ count: Int) throws(ExplanationError) -> Tensor {
    count == 1 ? self : try .joined(Array(repeating: plain(), count: count))
  }
}
