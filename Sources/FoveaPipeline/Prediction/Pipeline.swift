public import FoveaCore
public import FoveaImage
public import FoveaModel

/// A trained model with all that belongs to it: preprocessing → model → postprocessing, from a picture to a result; or from
/// several pictures, one for each of the network's inputs, all prepared by the same steps.
///
/// It is a value and may be used by several threads at once.
public struct Pipeline: Sendable {
  public private(set) var model: Model
  /// In the order of the model's inputs.
  public let preprocessors: OneOrMore<Preprocessor>
  /// Behind the first output.
  public let postprocessing: [any PostprocessingStep]
  /// The names of what the first output stands for, such as classes, in the order of the scores.
  public var labels: [String] { heads.head.labels ?? [] }
  /// What the pipeline yields of outputs that mean nothing: which fields a result has, and how many.
  public var blankResult: any TaskResult {
    guard tellsOutputs else { return blank }
    return ResultWithOutputs(blank, outputs: (0..<model.outputs.count).map { model.blankOutputs($0).output })
  }
  private let blank: any TaskResult
  /// Whether each result comes with what the network put out before any step: as a ``ResultWithOutputs``.
  public var tellsOutputs = false
  /// Whether a picture has the same scores, bit for bit, alone and among others. False lets a single picture take the
  /// kernels that are made for one, which is faster and may differ in the last digit.
  public var isReproducible = true
  /// What puts out what the steps take in place of the model, which is the ensemble's first; nil for the model itself.
  public var ensemble: Ensemble?
  // So small that for a single picture, waking a second thread would take longer than its share of the work.
  let isSmall: Bool
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
    if let port = model.inputs.first(where: { $0.shape.rank != 3 }) {
      throw .unsuitableModel(name: model.name, input: port.shape)
    }
    if let fault = model.firstFaultyParameter { throw .model(.notFinite(fault)) }
    do throws(ImageError) {
      let parts = try PreparationSteps(preprocessing, limits: limits)
      preprocessors = model.inputs.mapped { Preprocessor(parts, outputShape: $0.shape, open: $0.open) }
    } catch { throw .image(error) }
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
    blank =
      heads.count > 1 ? NamedResults(heads.map { NamedResults.Entry($0.name, $0.blank) }) : first.blank
  }

  /// Of the first input.
  public var preprocessor: Preprocessor { preprocessors.head }

  /// What the pictures of an example are called: as the network's inputs.
  public var pictureNames: [String] { model.inputs.map(\.name) }

  /// Whether the result is one class whose scores are confidences, 0…1, and not raw outputs.
  public var givesConfidences: Bool { (blank as? Prediction)?.areConfidences ?? false }

  /// The class of a picture, of a pipeline that decides for one.
  ///
  /// - Throws: ``PipelineError/image(_:)`` where the picture does not go with the preprocessing or the model's input,
  ///   ``PipelineError/severalInputs(name:inputs:)`` where one is not enough, ``PipelineError/prediction(_:)`` where the
  ///   result is another, and where a layer or a step fails.
  public func predict(_ image: Image) throws(PipelineError) -> Prediction {
    try prediction(outputs(of: OneOrMore(DecodedImage(image: image))).values)
  }

  /// Predictions in the order of the pictures, computed as one batch, on all workers of `pool` where one is given.
  ///
  /// - Throws: as ``predict(_:)-(Image)``.
  public func predict(_ images: [Image], on pool: WorkerPool? = nil) throws(PipelineError) -> [Prediction] {
    try outputs(ofEach: images.map { OneOrMore(DecodedImage(image: $0)) }, on: pool).map {
      outputs throws(PipelineError) in try prediction(outputs.values)
    }
  }

  /// Decodes the file with the model's own preprocessing, and predicts.
  ///
  /// - Throws: as ``predict(_:)-(Image)``.
  public func predict(path: String) throws(PipelineError) -> Prediction {
    try prediction(outputs(of: OneOrMore(read(path))).values)
  }

  /// A result of the type that is asked for: `predict(image, as: Labels.self)`.
  ///
  /// - Throws: as ``predict(_:)-(Image)``.
  public func predict<R: TaskResult>(_ image: Image, as type: R.Type) throws(PipelineError) -> R {
    let result = try result(of: image)
    guard let wanted = result as? R ?? result.plain as? R else {
      throw .prediction(.otherResult(expected: R.kind, got: Swift.type(of: blank).kind))
    }
    return wanted
  }

  /// What the pipeline yields for a picture, whatever that is. Places are in the picture's own pixels.
  ///
  /// - Throws: as ``predict(_:)-(Image)``.
  public func result(of image: Image) throws(PipelineError) -> any TaskResult {
    try result(of: outputs(of: OneOrMore(DecodedImage(image: image))))
  }

  /// The same in the order of the pictures, computed as one batch, on all workers of `pool` where one is given.
  ///
  /// - Throws: as ``predict(_:)-(Image)``.
  public func results(of images: [Image], on pool: WorkerPool? = nil) throws(PipelineError) -> [any TaskResult] {
    try outputs(ofEach: images.map { OneOrMore(DecodedImage(image: $0)) }, on: pool).map {
      outputs throws(PipelineError) in try result(of: outputs)
    }
  }

  /// Decodes the file with the model's own preprocessing. Places are in the pixels of the picture as it is displayed.
  ///
  /// - Throws: as ``predict(_:)-(Image)``.
  public func result(path: String) throws(PipelineError) -> any TaskResult {
    try result(of: outputs(of: OneOrMore(read(path))))
  }

  /// The same with the network for inputs of these shapes, which may be of another size where it is open.
  package func resized(to inputs: Tensors) throws(PipelineError) -> Pipeline {
    var pipeline = self
    do { pipeline.model = try model.resized(to: inputs.map(\.shape.withoutBatch)) } catch { throw .model(error) }
    return pipeline
  }

  /// From one example's raw outputs to its result.
  ///
  /// - Parameter geometry: brings places to the picture's pixels; where nil, they stay in those of the network's input.
  func result(
    of outputs: OneOrMore<OutputValues>, in geometry: PictureGeometry?
  ) throws(PipelineError) -> any TaskResult {
    var result: any TaskResult
    if heads.count == 1 {
      result = try heads.head.result(outputs)
    } else {
      result = NamedResults(
        try heads.map { head throws(PipelineError) in NamedResults.Entry(head.name, try head.result(outputs)) })
    }
    if let geometry, let unplaced = result as? any PlacedResult {
      do { result = try unplaced.placed(by: geometry) } catch { throw .image(error) }
    }
    guard tellsOutputs else { return result }
    let raw = zip(model.outputs, outputs).map { port, output in
      NetworkOutputs.Output(name: port.name, shape: output.shape, values: output.numbers)
    }
    return ResultWithOutputs(result, outputs: raw)
  }

  func result(of outputs: Outputs) throws(PipelineError) -> any TaskResult {
    try result(of: outputs.values, in: outputs.geometry)
  }

  private func prediction(_ outputs: OneOrMore<OutputValues>) throws(PipelineError) -> Prediction {
    guard heads.count == 1 else { throw .prediction(.otherResult(expected: Prediction.kind, got: NamedResults.kind)) }
    return try heads.head.prediction(outputs)
  }
}
