import Fovea

/// A network that has been trained to read characters.
struct Reader {
  let code: OutputCode
  let model: Model
  /// Of the training alone.
  let seconds: Double
  private let preprocessing: [any PreprocessingStep]
  private let pool: WorkerPool

  /// - Parameters:
  ///   - j: of the loss where there are codes: the distance of the paper's class of rubbish.
  ///   - seed: what first weights, order and distortions are drawn from.
  ///   - report: told after each pass.
  init(
    training code: OutputCode, on pictures: CharacterPictures, recipe: Recipe, j: Float, threads: Int, seed: UInt64,
    report: (EpochMetrics) -> Void
  ) throws {
    let registry = Registry.standard
    let network = try code.network(j: j)
    preprocessing = try network.preprocessing.map { try registry.makePreprocessing($0) }
    var run = try TrainingRun(
      network, registry: registry, training: Dataset(pictures), recipe: recipe,
      settings: TrainingRun.Settings(seed: seed, threads: threads))
    while let event = try run.next() {
      if case .passEnded(let metrics) = event { report(metrics) }
    }
    seconds = run.history.reduce(0) { $0 + $1.seconds }
    self.code = code
    model = run.model
    pool = WorkerPool(count: threads)
  }

  func read(_ pictures: CharacterPictures) throws -> [Reading] {
    var readings: [Reading] = []
    try forEachBatch(of: pictures) { inputs in
      let outputs = try model.infer(inputs, on: pool)
      let width = outputs.shape[1]
      let values = outputs.elements
      readings += stride(from: 0, to: values.count, by: width).map {
        Reading(values[$0..<$0 + width], hasDistances: code.hasDistances)
      }
    }
    return readings
  }

  /// What F6 puts out, and the outputs, for one picture.
  func look(at picture: Int, of pictures: CharacterPictures) throws -> (features: [Float], outputs: [Float]) {
    var result: (features: [Float], outputs: [Float]) = ([], [])
    let tensor = Tensor(try preprocessed(pictures.image(at: picture)), model.inputShape.batched(1))
    let activations = try model.activations(tensor)
    // The last layer's input is F6 after its squashing.
    if let last = model.nodes.last, let input = last.inputs.first, activations.indices.contains(input.node) {
      result = (activations[input.node].elements, activations[activations.count - 1].elements)
    }
    return result
  }

  /// The codes as the network has them, a row for each class; empty where it has none.
  var codes: [[Float]] {
    guard code.hasDistances, let tensor = model.parameters.last?.first else { return [] }
    let width = tensor.shape[1]
    let values = tensor.elements
    return stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
  }

  private func preprocessed(_ image: Image) throws -> [Float] {
    var image = image
    for step in preprocessing { image = try step.apply(image) }
    return image.floats
  }

  private func forEachBatch(of pictures: CharacterPictures, _ body: (Tensor) throws -> Void) throws {
    let loader = try BatchLoader(
      Dataset(pictures), preprocessing: preprocessing, settings: .init(batchSize: 256, shuffles: false))
    let stream = loader.batches(epoch: 0)
    while let batch = try stream.next() { try body(batch.inputs) }
  }
}
