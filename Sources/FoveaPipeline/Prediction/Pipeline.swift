public import FoveaCore
public import FoveaImage
public import FoveaModel

/// A trained model with all that belongs to it: preprocessing → model → postprocessing, from a picture to a result.
///
/// It is a value and may be used by several threads at once.
public struct Pipeline: Sendable {
  public let model: Model
  public let preprocessor: Preprocessor
  /// Behind the first output.
  public let postprocessing: [any PostprocessingStep]
  /// The names of what the first output stands for, such as classes, in the order of the scores.
  public var labels: [String] { heads.head.labels ?? [] }
  /// What the pipeline yields of outputs that mean nothing: which fields a result has, and how many.
  public let blankResult: any TaskResult
  /// Whether a picture has the same scores, bit for bit, alone and among others. False lets a single picture take the
  /// kernels that are made for one, which is faster and may differ in the last digit.
  public var isReproducible = true
  // So small that for a single picture, waking a second thread would take longer than its share of the work.
  private let isSmall: Bool
  private let heads: OneOrMore<OutputHead>
  private static let fewConnections = 4_000_000

  /// - Parameters:
  ///   - description: of the same model; its preprocessing, postprocessing and labels are used.
  ///   - limits: how large pictures may be.
  /// - Throws: ``PipelineError`` for a step that is unknown or has settings it cannot work with, for a model that takes
  ///   no pictures, for steps that yield no result, and for labels that do not go with the outputs.
  public init(
    _ description: ModelDescription, model: Model, registry: Registry, limits: DecodingLimits = DecodingLimits()
  ) throws(PipelineError) {
    var preprocessing: [any PreprocessingStep] = []
    var outputs: [(index: Int, steps: [any PostprocessingStep], labels: [String]?)] = []
    do {
      for step in description.preprocessing { preprocessing.append(try registry.makePreprocessing(step)) }
      for (index, output) in description.outputs.enumerated() {
        var steps: [any PostprocessingStep] = []
        for step in output.postprocessing { steps.append(try registry.makePostprocessing(step)) }
        outputs.append((index, steps, output.labels))
      }
    } catch { throw .model(error) }
    if let stranger = description.outputs.dropFirst(model.outputs.count).first {
      throw .prediction(
        .unknownOutput(kind: "pipeline", name: stranger.layer ?? "", known: model.outputs.map(\.name)))
    }
    // Of several outputs, those without any step are for those of the others that take them, or for nobody.
    if outputs.contains(where: { !$0.steps.isEmpty }) { outputs.removeAll { $0.steps.isEmpty } }
    try self.init(model, preprocessing, outputs, limits)
  }

  /// Of a network with one output; of one with several, the first.
  ///
  /// - Parameter labels: where nil, the classes are numbered from 0.
  /// - Throws: as ``init(_:model:registry:)``.
  public init(
    model: Model, preprocessing: [any PreprocessingStep] = [], postprocessing: [any PostprocessingStep] = [],
    labels: [String]? = nil, limits: DecodingLimits = DecodingLimits()
  ) throws(PipelineError) {
    try self.init(model, preprocessing, [(0, postprocessing, labels)], limits)
  }

  private init(
    _ model: Model, _ preprocessing: [any PreprocessingStep],
    _ outputs: [(index: Int, steps: [any PostprocessingStep], labels: [String]?)], _ limits: DecodingLimits
  ) throws(PipelineError) {
    guard model.inputs.count == 1 else { throw .severalInputs(name: model.name, inputs: model.inputs.map(\.name)) }
    guard model.inputShape.rank == 3 else { throw .unsuitableModel(name: model.name, input: model.inputShape) }
    if let fault = model.firstFaultyParameter { throw .model(.notFinite(fault)) }
    do { preprocessor = try Preprocessor(preprocessing, outputShape: model.inputShape, limits: limits) } catch {
      throw .image(error)
    }
    self.model = model
    isSmall = model.nodes.reduce(0) { $0 + $1.layer.connections } < Self.fewConnections
    var heads: [OutputHead] = []
    for output in outputs {
      heads.append(try OutputHead(model, output: output.index, output.steps, labels: output.labels))
    }
    let first: OutputHead
    if let head = heads.first { first = head } else { first = try OutputHead(model, output: 0, [], labels: nil) }
    self.heads = OneOrMore(first, Array(heads.dropFirst()))
    postprocessing = outputs.first?.steps ?? []
    blankResult =
      heads.count > 1 ? NamedResults(heads.map { NamedResults.Entry($0.name, $0.blank) }) : first.blank
  }

  /// Whether the result is one class whose scores are confidences, 0…1, and not raw outputs.
  public var givesConfidences: Bool { (blankResult as? Prediction)?.areConfidences ?? false }

  /// The class of a picture, of a pipeline that decides for one.
  ///
  /// - Throws: ``PipelineError/image(_:)`` where the picture does not go with the preprocessing or the model's input,
  ///   ``PipelineError/prediction(_:)`` where the result is another, and where a layer or a step fails.
  public func predict(_ image: Image) throws(PipelineError) -> Prediction {
    try prediction(outputs(of: DecodedImage(image: image)).values)
  }

  /// Predictions in the order of the pictures, computed as one batch, on all workers of `pool` where one is given.
  ///
  /// - Throws: as ``predict(_:)-(Image)``.
  public func predict(_ images: [Image], on pool: WorkerPool? = nil) throws(PipelineError) -> [Prediction] {
    try outputs(of: images, on: pool).map { outputs throws(PipelineError) in try prediction(outputs.values) }
  }

  /// Decodes the file with the model's own preprocessing, and predicts.
  ///
  /// - Throws: as ``predict(_:)-(Image)``.
  public func predict(path: String) throws(PipelineError) -> Prediction {
    try prediction(outputs(of: read(path)).values)
  }

  /// A result of the type that is asked for: `predict(image, as: Labels.self)`.
  ///
  /// - Throws: as ``predict(_:)-(Image)``.
  public func predict<R: TaskResult>(_ image: Image, as type: R.Type) throws(PipelineError) -> R {
    guard let result = try result(of: image) as? R else {
      throw .prediction(.otherResult(expected: R.kind, got: Swift.type(of: blankResult).kind))
    }
    return result
  }

  /// What the pipeline yields for a picture, whatever that is. Places are in the picture's own pixels.
  ///
  /// - Throws: as ``predict(_:)-(Image)``.
  public func result(of image: Image) throws(PipelineError) -> any TaskResult {
    try result(of: outputs(of: DecodedImage(image: image)))
  }

  /// The same in the order of the pictures, computed as one batch, on all workers of `pool` where one is given.
  ///
  /// - Throws: as ``predict(_:)-(Image)``.
  public func results(of images: [Image], on pool: WorkerPool? = nil) throws(PipelineError) -> [any TaskResult] {
    try outputs(of: images, on: pool).map { outputs throws(PipelineError) in try result(of: outputs) }
  }

  /// Decodes the file with the model's own preprocessing. Places are in the pixels of the picture as it is displayed.
  ///
  /// - Throws: as ``predict(_:)-(Image)``.
  public func result(path: String) throws(PipelineError) -> any TaskResult { try result(of: outputs(of: read(path))) }

  private func read(_ path: String) throws(PipelineError) -> DecodedImage {
    do { return try preprocessor.decoder.read(path: path) } catch { throw .image(error) }
  }

  /// The network's input for one picture: `[1, channels, height, width]`.
  ///
  /// - Throws: ``PipelineError/image(_:)``
  public func input(for image: Image) throws(PipelineError) -> Tensor {
    do { return try preprocessor.prepare(image).input } catch { throw .image(error) }
  }

  /// What the network puts out for a picture, and where the picture's points lie in its input.
  private typealias Outputs = (values: OneOrMore<[Float]>, geometry: PictureGeometry)

  private func outputs(of picture: DecodedImage) throws(PipelineError) -> Outputs {
    let prepared: PreparedPicture
    do { prepared = try preprocessor.prepare(picture) } catch { throw .image(error) }
    let threads = KernelThreads.current
    if isSmall { KernelThreads.set(1) }
    defer { if isSmall { KernelThreads.set(threads) } }
    let outputs = try isReproducible ? outputs(prepared.input) : quickOutputs(prepared.input)
    return (outputs.mapped { $0.elements }, prepared.geometry)
  }

  private func outputs(of images: [Image], on pool: WorkerPool?) throws(PipelineError) -> [Outputs] {
    guard !images.isEmpty else { return [] }
    let width = model.inputShape.count
    var input = Tensor(uninitialized: model.inputShape.batched(images.count))
    var geometries: [PictureGeometry] = []
    do {
      try input.withUnsafeMutableFloats { floats throws(ImageError) in
        for (row, image) in images.enumerated() {
          let target = UnsafeMutableBufferPointer(rebasing: floats[row * width..<(row + 1) * width])
          geometries.append(try preprocessor.write(DecodedImage(image: image), into: target))
        }
      }
    } catch { throw .image(error) }
    return zip(try outputRows(outputs(input, on: pool)), geometries).map { ($0, $1) }
  }

  private func quickOutputs(_ input: Tensor) throws(PipelineError) -> Tensors {
    do { return try model.infer(Tensors(input)) } catch { throw .model(error) }
  }

  private func outputs(_ input: Tensor, on pool: WorkerPool? = nil) throws(PipelineError) -> Tensors {
    do { return try model.inferEach(Tensors(input), on: pool) } catch { throw .model(error) }
  }

  /// Each example's outputs, or why it has none: one whose numbers are none spoils no other.
  func separateOutputs(_ input: Tensor) throws(PipelineError) -> [Result<OneOrMore<[Float]>, PipelineError>] {
    do { return outputRows(try outputs(input)).map { .success($0) } } catch {
      guard case .model(.notFinite) = error, input.shape[0] > 1 else { throw error }
    }
    return (0..<input.shape[0]).map { row in
      Result { () throws(PipelineError) in try outputs(input.rows(row..<row + 1)).mapped { $0.elements } }
    }
  }

  private func outputRows(_ outputs: Tensors) -> [OneOrMore<[Float]>] {
    let values = outputs.mapped { (width: $0.shape.withoutBatch.count, elements: $0.elements) }
    return (0..<outputs.head.shape[0]).map { row in
      values.mapped { Array($0.elements[row * $0.width..<(row + 1) * $0.width]) }
    }
  }

  /// What the steps make of the network's outputs for an input, `[1, channels, height, width]`; places stay in it.
  package func result(ofInput input: Tensor) throws(PipelineError) -> any TaskResult {
    try result(of: outputs(input).mapped { $0.elements }, in: nil)
  }

  /// From one example's raw outputs to its result.
  ///
  /// - Parameter geometry: brings places to the picture's pixels; where nil, they stay in those of the network's input.
  func result(
    of outputs: OneOrMore<[Float]>, in geometry: PictureGeometry?
  ) throws(PipelineError) -> any TaskResult {
    let result: any TaskResult
    if heads.count == 1 {
      result = try heads.head.result(outputs)
    } else {
      result = NamedResults(
        try heads.map { head throws(PipelineError) in NamedResults.Entry(head.name, try head.result(outputs)) })
    }
    guard let geometry, let unplaced = result as? any PlacedResult else { return result }
    do { return try unplaced.placed(by: geometry) } catch { throw .image(error) }
  }

  private func result(of outputs: Outputs) throws(PipelineError) -> any TaskResult {
    try result(of: outputs.values, in: outputs.geometry)
  }

  private func prediction(_ outputs: OneOrMore<[Float]>) throws(PipelineError) -> Prediction {
    guard heads.count == 1 else { throw .prediction(.otherResult(expected: Prediction.kind, got: NamedResults.kind)) }
    return try heads.head.prediction(outputs)
  }
}
